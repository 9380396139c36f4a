// Invitation and answer (sync/message.h "enrolment").
#include <fmt/format.h>
#include <sodium.h>

#include "node/base/error.h"
#include "node/base/json.h"
#include "schema/fact.h"
#include "sync/message.h"

namespace paprsek::sync {
namespace {

constexpr int invitation_version = 1;
constexpr std::size_t max_typed_bytes = 500;  // names, addresses: what a person types

std::string text_field(node::Fields& fields, const char* key) {
    std::string text = fields.text(key);
    if (text.empty()) fields.refuse_field(key, "is empty");
    if (text.size() > max_typed_bytes) fields.refuse_field(key, fmt::format("is longer than {} bytes", max_typed_bytes));
    return text;
}

std::string digits_field(node::Fields& fields, const char* key) {
    schema::Hash bytes;
    std::string text = fields.text(key);
    if (!schema::from_hex(text, bytes)) fields.refuse_field(key, "is not 64 hexadecimal digits");
    return text;
}

node::NodeName node_field(node::Fields& fields, const char* key) {
    const auto name = node::parse_node_name(fields.text(key));
    if (!name || *name == node::hq_node) fields.refuse_field(key, "is no node's name", "such as \"3.1\"");
    return *name;
}

PublicKey key_field(node::Fields& fields, const char* key) {
    const auto parsed = parse_public_key(fields.text(key));
    if (!parsed) fields.refuse_field(key, "is no public key");
    return *parsed;
}

}  // namespace

std::string make_secret(node::Random& random) {
    schema::Hash secret;
    random.fill(secret);
    return schema::to_hex(secret);
}

std::string print(const Invitation& invitation) {
    const node::Json json = {{"invitation", invitation_version},
                             {"node", node::print(invitation.node)},
                             {"secret", invitation.secret},
                             {"hq", invitation.hq_name},
                             {"hq_key", to_hex(invitation.hq_key)},
                             {"url", invitation.url ? node::Json(*invitation.url) : node::Json()},
                             {"currency", invitation.currency}};
    return json.dump(2) + "\n";
}

Invitation parse_invitation(std::string_view text, const std::string& what) {
    const node::Json json = node::parse_json(text, what, max_header_bytes);
    node::Fields fields(json, what);
    if (!fields.has("invitation")) node::refuse(what, "is no invitation", "ask HQ for the file that `paprsek-hq invite` writes");
    if (fields.integer("invitation") != invitation_version) node::refuse(what, "is an invitation of a newer HQ", "upgrade Paprsek here");
    Invitation invitation;
    invitation.node = node_field(fields, "node");
    invitation.secret = digits_field(fields, "secret");
    invitation.hq_name = text_field(fields, "hq");
    invitation.hq_key = key_field(fields, "hq_key");
    if (fields.has("url")) invitation.url = text_field(fields, "url");
    invitation.currency = text_field(fields, "currency");
    return invitation;
}

std::string proof_of(std::string_view secret, node::NodeName node, const PublicKey& key) {
    const std::string message = fmt::format("paprsek enrolment 1\n{}\n{}", node::print(node), to_hex(key));
    schema::Hash proof;
    crypto_generichash(proof.data(), proof.size(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                       reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    return schema::to_hex(proof);
}

bool proves(const EnrolmentAnswer& answer, std::string_view secret) {
    const std::string expected = proof_of(secret, answer.node, answer.key);
    return answer.proof.size() == expected.size() && sodium_memcmp(answer.proof.data(), expected.data(), expected.size()) == 0;
}

Bytes write_enrolment(const EnrolmentAnswer& answer, node::Instant at, const Identity& sender, const PublicKey& hq, node::Random& random) {
    BundleHeader header;
    header.kind = BundleKind::enrolment;
    header.from = answer.node;
    header.to = node::hq_node;
    header.at = at;
    const node::Json head = {{"name", answer.name}, {"currency", answer.currency}, {"time_zone", answer.time_zone}, {"proof", answer.proof}};
    BundleWriter writer;
    writer.append(node::canonical(head) + "\n");
    return writer.finish(header, sender, hq, random);
}

EnrolmentAnswer read_enrolment(BundleReader& bundle) {
    const BundleHeader& header = bundle.header();
    if (header.kind != BundleKind::enrolment) node::refuse(bundle.what(), fmt::format("holds {}, not an enrolment", print(header.kind)));
    const auto line = bundle.next_line();
    if (!line) node::refuse(bundle.what(), "holds no text");
    const node::Json json = node::parse_json(*line, bundle.what(), max_header_bytes);
    node::Fields fields(json, bundle.what());
    EnrolmentAnswer answer;
    answer.node = header.from;
    if (answer.node == node::hq_node) node::refuse(bundle.what(), "claims to come from HQ");
    answer.key = *header.sender;
    answer.name = text_field(fields, "name");
    answer.currency = text_field(fields, "currency");
    answer.time_zone = text_field(fields, "time_zone");
    answer.proof = digits_field(fields, "proof");
    return answer;
}

}  // namespace paprsek::sync
