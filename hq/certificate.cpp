#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "hq/server.h"
#include "node/base/error.h"

namespace paprsek::hq {

std::string pin_of_certificate(const std::string& file) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_file(file.c_str(), "r"), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
    if (!certificate) node::refuse(file, "is no certificate in PEM form");
    unsigned char* key = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &key);
    if (length <= 0) node::refuse(file, "its key cannot be read");
    unsigned char digest[32];
    unsigned int size = 0;
    EVP_Digest(key, static_cast<std::size_t>(length), digest, &size, EVP_sha256(), nullptr);
    OPENSSL_free(key);
    std::string text(45, '\0');
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), digest, 32)));
    return "sha256//" + text;
}

}  // namespace paprsek::hq
