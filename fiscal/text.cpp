#include "fiscal/text.h"

#include <iconv.h>

#include <array>
#include <map>

#include "node/base/text.h"

namespace paprsek::fiscal {
namespace {

const char* page_of(Encoding encoding) {
    static constexpr std::array names = {"ASCII", "CP1252", "CP1250", "CP852", "CP1251"};
    return names.at(static_cast<std::size_t>(encoding));
}

class Converter {
public:
    Converter(const char* to, const char* from) : handle_(::iconv_open(to, from)) {}
    ~Converter() {
        if (good()) ::iconv_close(handle_);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    /// Empty where the text has no equal.
    std::string operator()(std::string_view text) {
        if (!good()) return {};
        std::array<char, 64> out;
        std::string in(text);
        char *from = in.data(), *to = out.data();
        std::size_t left = in.size(), room = out.size();
        ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
        if (::iconv(handle_, &from, &left, &to, &room) != 0) return {};
        return {out.data(), out.size() - room};
    }

private:
    bool good() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
    iconv_t handle_;
};

std::size_t length_of(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

/// A letter without its mark: what folding leaves of it, raised again where it was a capital.
std::string plain(std::string_view letter) {
    static const std::map<std::string_view, std::string_view> others = {
        {"„", "\""},     {"“", "\""},  {"”", "\""},  {"‚", "'"}, {"‘", "'"}, {"’", "'"}, {"–", "-"}, {"—", "-"}, {"…", "..."}, {"€", "EUR"},
        {"×", "x"},      {"ß", "ss"},  {"Ł", "L"},   {"ł", "l"}, {"Ø", "O"}, {"ø", "o"}, {"Đ", "D"}, {"đ", "d"}, {"Æ", "AE"},  {"æ", "ae"},
        {"\u00A0", " "}, {"½", "1/2"}, {"¼", "1/4"}, {"²", "2"}, {"³", "3"}, {"°", "o"}, {"•", "*"}, {"·", "."}, {"«", "\""},  {"»", "\""}};
    if (const auto found = others.find(letter); found != others.end()) return std::string(found->second);
    std::string folded = node::fold(letter);
    for (const char c : folded)
        if (static_cast<unsigned char>(c) >= 0x80) return {};
    if (folded.size() == 1 && folded[0] >= 'a' && folded[0] <= 'z') {
        // Folding lowers: a capital is a letter that differs from its own lower case, which a mark's page order tells.
        const std::string lower = node::nfc(letter).value_or("");
        static const std::string capitals = "ÀÁÂÃÄÅĀĂĄÇĆĈĊČĎÈÉÊËĒĔĖĘĚĜĞĠĢĤÌÍÎÏĨĪĬĮİĴĶĹĻĽÑŃŅŇÒÓÔÕÖŌŎŐŔŖŘŚŜŞŠȘŢŤȚÙÚÛÜŨŪŬŮŰŲŴÝŶŸŹŻŽ";
        if (capitals.find(lower) != std::string::npos) folded[0] = static_cast<char>(folded[0] - 'a' + 'A');
    }
    return folded;
}

/// Comma below is not in the old pages; cedilla is.
std::string_view with_cedilla(std::string_view letter) {
    if (letter == "Ș") return "Ş";
    if (letter == "ș") return "ş";
    if (letter == "Ț") return "Ţ";
    if (letter == "ț") return "ţ";
    return letter;
}

}  // namespace

std::string device_text(std::string_view raw, Encoding encoding, std::size_t max_bytes) {
    const std::string text = node::nfc(raw).value_or("");
    Converter convert(page_of(encoding), "UTF-8");
    std::string bytes;
    for (std::size_t at = 0; at < text.size() && bytes.size() < max_bytes;) {
        const std::size_t length = length_of(static_cast<unsigned char>(text[at]));
        const std::string_view letter = std::string_view(text).substr(at, length);
        at += length;
        std::string byte;
        if (static_cast<unsigned char>(letter[0]) < 0x20 || letter[0] == 0x7F)
            byte = " ";
        else if (length == 1)
            byte = letter;
        else if (byte = convert(with_cedilla(letter)); byte.empty())
            byte = plain(letter);
        if (byte.empty()) byte = "?";
        bytes += byte;
    }
    if (bytes.size() > max_bytes) bytes.resize(max_bytes);
    return bytes;
}

std::string text_of_device(std::string_view bytes, Encoding encoding) {
    Converter convert("UTF-8", page_of(encoding));
    std::string text;
    for (const char byte : bytes) {
        if (static_cast<unsigned char>(byte) < 0x80) {
            text += byte;
            continue;
        }
        const std::string letter = convert({&byte, 1});
        text += letter.empty() ? "?" : letter;
    }
    return text;
}

}  // namespace paprsek::fiscal
