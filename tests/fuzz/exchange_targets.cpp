// What comes from the other side of an exchange.
#include <cassert>

#include "hq/headquarters.h"
#include "node/base/text.h"
#include "node/ledger.h"
#include "sync/bundle.h"
#include "sync/exchange.h"
#include "sync/message.h"
#include "sync/record_coder.h"
#include "sync/wellformed.h"
#include "tests/fuzz/chain.h"
#include "tests/fuzz/targets.h"

namespace paprsek::fuzz {
namespace {

constexpr std::size_t signature_bytes = 64;

/// The text before the next `mark`, which is taken away with it.
std::string_view cut(std::string_view& text, char mark) {
    const auto end = text.find(mark);
    const std::string_view piece = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return piece;
}

void read_facts(sync::BytesView bytes) {
    Chain& chain = Chain::get();
    sync::BundleReader bundle(bytes, "bundle", node::hq_node, chain.hq_identity(), chain.branch_identity().public_key());
    sync::UpReader reader(bundle);
    while (reader.next()) {
    }
}

void read_state(sync::BytesView bytes) {
    Chain& chain = Chain::get();
    sync::BundleReader bundle(bytes, "bundle", {3, 1}, chain.branch_identity(), chain.hq_identity().public_key());
    sync::DownReader reader(bundle);
    while (reader.next_fact()) {
    }
    while (reader.next()) {
    }
}

}  // namespace

// A stranger's bytes; then the same with the branch's own signature, for a fuzzer would never find one; then as the text within a
// bundle that is in order.
void bundle(std::string_view bytes) {
    Chain& chain = Chain::get();
    const sync::BytesView view = sync::bytes_of(bytes);
    may_refuse([&] { sync::read_clear_header(view.first(std::min<std::size_t>(view.size(), sync::max_header_bytes + 20)), bytes.size(), "bundle"); });
    may_refuse([&] { sync::read_header(view, "bundle"); });
    may_refuse([&] { read_facts(view); });
    if (bytes.size() > signature_bytes) {
        sync::Bytes signed_bytes(view.begin(), view.end() - signature_bytes);
        const auto signature = chain.branch_identity().sign(signed_bytes);
        signed_bytes.insert(signed_bytes.end(), signature.begin(), signature.end());
        may_refuse([&] { read_facts(signed_bytes); });
    }
    for (const bool up : {true, false}) {
        sync::BundleWriter writer;
        writer.append(bytes);
        sync::BundleHeader header;
        header.kind = up ? sync::BundleKind::facts : sync::BundleKind::state;
        header.from = up ? node::NodeName{3, 1} : node::hq_node;
        header.to = up ? node::hq_node : node::NodeName{3, 1};
        header.epoch = header.first = header.last = 1;
        header.at = chain.clock().now();
        const sync::Bytes sealed = up ? writer.finish(header, chain.branch_identity(), chain.hq_identity().public_key(), chain.random())
                                      : writer.finish(header, chain.hq_identity(), chain.branch_identity().public_key(), chain.random());
        may_refuse([&] { up ? read_facts(sealed) : read_state(sealed); });
    }
}

// What a bundle's records unpack from, after the length of the text in two bytes; and any text, packed and unpacked.
void records(std::string_view bytes) {
    if (bytes.size() >= 2) {
        const std::size_t length = static_cast<unsigned char>(bytes[0]) * 256u + static_cast<unsigned char>(bytes[1]);
        const auto text = sync::unpack_records(sync::bytes_of(bytes.substr(2)), length);
        assert(!text || text->size() == length);
    }
    const std::string text = std::string(bytes) + "\n";
    const auto packed = sync::pack_records(text);
    assert(packed && sync::unpack_records(*packed, text.size()) == text);
}

// Lines that both sides hold, and behind them what a bundle packed by them unpacks from, or the text that is packed by them; then a head
// that names such facts.
void known(std::string_view bytes) {
    if (bytes.empty()) return;
    std::size_t count = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    sync::Lines lines;
    for (; count > 0 && !bytes.empty(); --count) lines.emplace_back(cut(bytes, '\n'));
    const auto find = [&](std::string_view) { return lines; };
    const auto any = sync::unpack_records(sync::bytes_of(bytes), bytes.size() * 4, find);
    assert(!any || any->text.size() == bytes.size() * 4);
    const auto head = sync::unpack_records(sync::bytes_of(bytes), bytes.size() * 4, [](std::string_view) { return std::nullopt; });
    assert(!head || head->text.size() <= bytes.size() * 4);
    const std::string text = std::string(bytes) + "\n";
    const auto packed = sync::pack_records(text, lines);
    assert(packed && sync::unpack_records(*packed, text.size(), find)->text == text);
    sync::BundleHeader header;
    header.first = 300;
    may_refuse([&] { sync::known_facts(header, text, "bundle"); });
}

// A line a fact, "kind TAB body TAB personal texts": a branch with a poisoned ledger. HQ stores what is well formed, makes an
// exception of what it cannot project, and its projections follow from the facts whatever they say.
void up(std::string_view bytes) {
    Chain& chain = Chain::get();
    node::Node& branch = chain.fresh_branch();
    hq::Headquarters& headquarters = chain.fresh_headquarters();
    const auto head = branch.ledger().head();
    sync::UpWriter writer({3, 1}, 1, head.seq + 1, head.hash);
    schema::Hash hash = head.hash;
    std::int64_t seq = head.seq;
    may_refuse([&] {
        while (!bytes.empty() && seq < head.seq + 50) {
            std::string_view line = cut(bytes, '\n');
            const std::string_view kind = cut(line, '\t'), body = cut(line, '\t');
            if (!sync::well_formed_kind(kind) || !sync::well_formed_object(body, sync::max_nesting))
                continue;  // the writer sends no such thing; target bundle does
            const std::int64_t at = chain.clock().now().ms + seq;
            const schema::Hash next = schema::chain(hash, seq + 1, at, kind, body);
            writer.add(seq + 1, at, kind, body, next, line);
            hash = next;
            ++seq;
        }
        const sync::Bytes bundle = writer.finish(seq, {1, 0}, chain.clock().now(), chain.branch_identity(), chain.hq_identity().public_key(), chain.random());
        const hq::MergeReport report = headquarters.import(text_of(bundle), "bundle");
        assert(report.facts_now == seq);
    });
    const hq::Verification verified = headquarters.verify();
    assert(verified.ok());
    may_refuse([&] { headquarters.export_reply({3, 1}); });
}

// A line a row, "kind TAB key TAB body": what a newer or a mistaken HQ would hand down. The ledger's own facts and projections are
// untouched by it, and the till sells on.
void down(std::string_view bytes) {
    Chain& chain = Chain::get();
    node::Node& branch = chain.fresh_branch();
    const auto cursor = branch.state_cursor();
    const auto head = branch.ledger().head();
    sync::DownWriter writer(cursor.version);
    std::int64_t version = cursor.version;
    while (!bytes.empty() && version < cursor.version + 50) {
        std::string_view line = cut(bytes, '\n');
        const std::string_view kind = cut(line, '\t'), key = cut(line, '\t');
        if (!sync::well_formed_kind(kind) || key.size() > sync::max_key_bytes || !node::nfc(key)) continue;
        if (!line.empty() && !sync::well_formed_object(line, sync::max_nesting)) continue;
        writer.add(node::StateRow{std::string(kind), std::string(key), ++version, std::string(line)});
    }
    sync::DownHead reply;
    reply.node = {3, 1};
    reply.hq_epoch = cursor.hq_epoch;
    reply.receipt = {1, head.seq, head.hash};
    reply.included = head.seq;
    reply.newest = head.seq;
    reply.from_version = cursor.version;
    reply.through_version = version;
    may_refuse([&] {
        const sync::Bytes bundle = writer.finish(reply, chain.clock().now(), chain.hq_identity(), chain.branch_identity().public_key(), chain.random());
        sync::apply_down(branch, bundle, "reply");
    });
    const node::Verification verified = node::verify(branch.database(), {3, 1});
    assert(verified.ok());
}

}  // namespace paprsek::fuzz
