#include "sync/message.h"

#include <fmt/format.h>

#include <cassert>
#include <charconv>
#include <utility>

#include "node/base/error.h"
#include "node/base/json.h"
#include "sync/wellformed.h"

namespace paprsek::sync {
namespace {

/// The first line of a text: some numbers and hashes.
constexpr std::size_t max_head_bytes = 64u << 10;
/// A ledger that forked a thousand times is not ours.
constexpr std::size_t max_epochs = 1000;
/// No catalogue is longer.
constexpr std::uint64_t max_gap = 1'000'000'000;
/// Distances doubled reach back 2^64 facts.
constexpr std::size_t max_ladder = 64;
constexpr std::string_view fact_kind = "fact";

std::string place_of(const BundleReader& bundle) { return fmt::format("{}, line {}", bundle.what(), bundle.line_number()); }

node::Json read_head(BundleReader& bundle, BundleKind kind) {
    if (bundle.header().kind != kind)
        node::refuse(bundle.what(), fmt::format("holds {}, not {}", print(bundle.header().kind), print(kind)), "import it where it belongs");
    const auto line = bundle.next_line();
    if (!line) node::refuse(bundle.what(), "holds no text");
    return node::parse_json(*line, place_of(bundle), max_head_bytes);
}

schema::Hash hash_field(node::Fields& fields, const char* key) {
    schema::Hash hash;
    if (!schema::from_hex(fields.text(key), hash)) fields.refuse_field(key, "is no hash of 64 hexadecimal digits");
    return hash;
}

/// A list of pairs of an epoch and a seq.
std::vector<std::pair<std::int64_t, std::int64_t>> pairs_field(const node::Json& json, const node::Fields& fields, const char* key) {
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    if (!json.is_array() || json.size() > max_epochs) fields.refuse_field(key, "is no list of epochs");
    for (const node::Json& pair : json) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() || !pair[1].is_number_unsigned())
            fields.refuse_field(key, "is no list of epochs and numbers of facts");
        pairs.emplace_back(pair[0].get<std::int64_t>(), pair[1].get<std::int64_t>());
        if (pairs.back().first < 1 || pairs.back().second < 0) fields.refuse_field(key, "holds a number that is none");
    }
    return pairs;
}

/// Places go as distances: few digits.
std::vector<std::int64_t> gaps_between(const std::vector<std::int64_t>& places) {
    std::vector<std::int64_t> gaps;
    for (std::size_t i = 0; i < places.size(); ++i) gaps.push_back(i ? places[i] - places[i - 1] - 1 : places[i]);
    return gaps;
}

KnownProducts products_field(const node::Json& json, const std::string& place) {
    node::Fields fields(json, place, false);
    KnownProducts products;
    products.digest = fields.text("digest");
    const node::Json& places = fields.get("places");
    if (!places.is_array() || places.size() > max_known_products)
        fields.refuse_field("places", fmt::format("is no list of at most {} places", max_known_products));
    for (const node::Json& gap : places) {
        if (!gap.is_number_unsigned() || gap.get<std::uint64_t>() > max_gap) fields.refuse_field("places", "holds what is no distance");
        products.places.push_back(gap.get<std::int64_t>() + (products.places.empty() ? 0 : products.places.back() + 1));
    }
    return products;
}

std::vector<node::RightFact::Entry> wants_field(const node::Json& json, const node::Fields& fields) {
    std::vector<node::RightFact::Entry> wants;
    if (!json.is_array() || json.size() > max_wants) fields.refuse_field("wants", fmt::format("is no list of at most {} customers", max_wants));
    for (const node::Json& each : json) {
        const bool form = each.is_array() && each.size() == 3 && each[0].is_string() && each[1].is_number_unsigned() && each[2].is_number_unsigned();
        if (!form) fields.refuse_field("wants", "is no list of customers, points and credit");
        const auto points = each[1].get<std::uint64_t>(), credit = each[2].get<std::uint64_t>();
        if (points > static_cast<std::uint64_t>(node::Points::max_value) || credit > static_cast<std::uint64_t>(node::Money::max_value))
            fields.refuse_field("wants", "holds an amount out of range");
        wants.push_back({each[0].get<std::string>(), node::Points::of(static_cast<std::int64_t>(points)), node::Money::of(static_cast<std::int64_t>(credit))});
    }
    return wants;
}

std::vector<std::string> receipts_field(const node::Json& json, const node::Fields& fields, const char* key) {
    std::vector<std::string> receipts;
    const bool fits = json.is_array() && json.size() <= max_asked_receipts;
    if (!fits) fields.refuse_field(key, fmt::format("is no list of at most {} receipts", max_asked_receipts));
    for (const node::Json& each : json) {
        if (!each.is_string() || each.get_ref<const std::string&>().size() > max_receipt_bytes) fields.refuse_field(key, "holds what is no receipt's number");
        receipts.push_back(each.get<std::string>());
    }
    return receipts;
}

std::string word_field(node::Fields& fields, const char* key, std::size_t most) {
    std::string word = fields.optional_text(key).value_or("");
    if (word.size() > most) fields.refuse_field(key, fmt::format("is longer than {} bytes", most));
    return word;
}

/// Takes the text up to the next tab off the front; the rest of the line where there is none.
std::string_view take_field(std::string_view& line) {
    const std::size_t tab = line.find('\t');
    const std::string_view field = line.substr(0, tab);
    line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
    return field;
}

bool parse_number(std::string_view text, std::int64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

void append_number(std::string& text, std::int64_t number) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    assert(error == std::errc{});
    text.append(digits, end);
}

/// Times go as differences: a few digits instead of thirteen. Unsigned arithmetic, so that no clock can overflow it.
void append_fact(std::string& text, std::int64_t after, std::int64_t at, std::string_view kind, std::string_view body) {
    append_number(text, static_cast<std::int64_t>(static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(after)));
    text += '\t';
    text += kind;
    text += '\t';
    text += body;
}

Bytes pack(const BundleHeader& header, const node::Json& head, std::string_view records, const Identity& sender, const PublicKey& receiver,
           node::Random& random, std::vector<std::string> known = {}, bool products = false) {
    BundleWriter writer;
    writer.append(node::canonical(head) + "\n");
    writer.append(records);
    writer.know(std::move(known), products);
    return writer.finish(header, sender, receiver, random);
}

}  // namespace

// --------------------------------------------------------------------------------------------------------------------- up

UpWriter::UpWriter(node::NodeName node, std::int64_t epoch, std::int64_t first, const schema::Hash& before) : seq_(first - 1), hash_(before) {
    assert(first >= 1 && epoch >= 1);
    head_.node = node;
    head_.epoch = epoch;
    head_.first = first;
    head_.before = before;
}

void UpWriter::add(std::int64_t seq, std::int64_t at, std::string_view kind, std::string_view body, const schema::Hash& hash, std::string_view personal) {
    assert(seq == seq_ + 1);
    hash_ = schema::chain(hash_, seq, at, kind, body);
    if (hash_ != hash || !well_formed_object(body, max_nesting) || !well_formed_kind(kind))
        node::fail(fmt::format("fact {}", seq), "the ledger is damaged: the chain of hashes does not hold here", "run verify; restore a backup");
    assert(personal.empty() || (well_formed_object(personal, max_nesting) && personal.size() <= max_personal_bytes));

    append_fact(records_, at_, at, kind, body);
    if (!personal.empty()) {
        records_ += '\t';
        records_ += personal;
    }
    records_ += '\n';
    seq_ = seq;
    at_ = at;
}

Bytes UpWriter::finish(std::int64_t newest, StateCursor cursor, node::Instant at, const Identity& sender, const PublicKey& hq, node::Random& random,
                       const std::map<std::int64_t, std::int64_t>& aside, std::pair<std::int64_t, std::int64_t> receipt, const UpRights& rights,
                       const std::map<std::int64_t, schema::Hash>& ladder, const std::vector<std::string>& receipts) {
    assert(rights.wants.size() <= max_wants && rights.restored.size() <= max_word_bytes && receipts.size() <= max_asked_receipts);
    BundleHeader header;
    header.kind = BundleKind::facts;
    header.from = head_.node;
    header.to = node::hq_node;
    header.epoch = head_.epoch;
    header.first = head_.first;
    header.last = seq_;
    header.at = at;
    node::Json head = {{"before", schema::to_hex(head_.before)}, {"newest", newest}, {"state", {{"epoch", cursor.hq_epoch}, {"version", cursor.version}}}};
    if (seq_ >= head_.first) head["after"] = schema::to_hex(hash_);
    if (receipt.second) head["receipt"] = {receipt.first, receipt.second};
    for (const auto& [epoch, through] : aside) head["aside"].push_back({epoch, through});
    for (const auto& want : rights.wants) head["wants"].push_back({want.customer, want.points.raw(), want.credit.raw()});
    if (!rights.restored.empty()) head["restored"] = rights.restored;
    for (const auto& [seq, hash] : ladder) head["ladder"].push_back({seq, schema::to_hex(hash)});
    if (!receipts.empty()) head["receipts"] = receipts;
    if (!known_.empty()) head["known"] = known_.size();
    const bool products = !products_.places().empty();
    if (products) head["products"] = {{"digest", products_.digest()}, {"places", gaps_between(products_.places())}};
    // What was sold of late is foreseen best: it is learnt last.
    std::vector<std::string> known = products_.lines();
    std::move(known_.begin(), known_.end(), std::back_inserter(known));
    return pack(header, head, records_, sender, hq, random, std::move(known), products);
}

bool KnownWriter::add(std::int64_t at, std::string_view kind, std::string_view body) {
    std::string line;
    append_fact(line, at_, at, kind, body);
    if (lines_.size() == max_known_lines || bytes_ + line.size() > max_known_bytes) return false;
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    at_ = at;
    return true;
}

KnownFacts known_facts(const BundleHeader& header, std::string_view first_line, const std::string& what) {
    const std::string place = what + ", line 1";
    const node::Json json = node::parse_json(first_line, place, max_head_bytes);
    node::Fields fields(json, place);
    KnownFacts known;
    known.count = fields.find("known") ? fields.count("known") : 0;
    known.first = header.first;
    known.before = hash_field(fields, "before");
    node::Fields cursor(fields.get("state"), place + ", \"state\"");
    known.state = {cursor.count("epoch"), cursor.count("version")};
    if (const node::Json* products = fields.find("products")) known.products = products_field(*products, place + ", \"products\"");
    if (known.count > static_cast<std::int64_t>(max_known_lines) || known.count >= known.first)
        fields.refuse_field("known", fmt::format("is no number of facts before {}, at most {}", known.first, max_known_lines));
    return known;
}

UpReader::UpReader(BundleReader& bundle) : bundle_(bundle) {
    const node::Json json = read_head(bundle, BundleKind::facts);
    const BundleHeader& header = bundle.header();
    node::Fields fields(json, place_of(bundle));
    head_.node = header.from;
    head_.epoch = header.epoch;
    head_.first = header.first;
    head_.last = header.last;
    if (head_.epoch < 1 || head_.first < 1) node::refuse(bundle.what(), "counts its facts from 0; they begin with 1");
    head_.before = hash_field(fields, "before");
    head_.last_hash = head_.last >= head_.first ? hash_field(fields, "after") : head_.before;
    head_.newest = fields.count("newest");
    node::Fields cursor(fields.get("state"), place_of(bundle) + ", \"state\"");
    head_.cursor = {cursor.count("epoch"), cursor.count("version")};
    if (const node::Json* receipt = fields.find("receipt")) {
        const node::Json list = node::Json::array({*receipt});
        const auto pair = pairs_field(list, fields, "receipt").front();
        head_.receipt_epoch = pair.first;
        head_.receipt_seq = pair.second;
    }
    if (const node::Json* aside = fields.find("aside"))
        for (const auto& [epoch, through] : pairs_field(*aside, fields, "aside")) head_.aside[epoch] = through;
    if (const node::Json* wants = fields.find("wants")) head_.rights.wants = wants_field(*wants, fields);
    head_.rights.restored = word_field(fields, "restored", max_word_bytes);
    if (const node::Json* receipts = fields.find("receipts")) head_.receipts = receipts_field(*receipts, fields, "receipts");
    if (const node::Json* ladder = fields.find("ladder")) {
        if (!ladder->is_array() || ladder->size() > max_ladder) fields.refuse_field("ladder", "is no list of facts and hashes");
        for (const node::Json& rung : *ladder) {
            schema::Hash hash;
            const bool fits = rung.is_array() && rung.size() == 2 && rung[0].is_number_unsigned() && rung[1].is_string() &&
                              schema::from_hex(rung[1].get<std::string>(), hash) && rung[0].get<std::uint64_t>() < static_cast<std::uint64_t>(head_.first);
            if (!fits) fields.refuse_field("ladder", "is no list of facts before the first and their hashes");
            head_.ladder[rung[0].get<std::int64_t>()] = hash;
        }
    }
    if (head_.first == 1 && head_.before != schema::genesis(node::print(head_.node)))
        refuse_line(fmt::format("the facts do not begin where the ledger of node {} begins", node::print(head_.node)));
    fact_.seq = head_.first - 1;
    fact_.hash = head_.before;
}

void UpReader::refuse_line(const std::string& why) const {
    node::refuse(place_of(bundle_), why, "the sender's ledger is damaged or its program faulty: run verify there");
}

void UpReader::read_record(std::string_view line) {
    std::int64_t difference = 0;
    if (!parse_number(take_field(line), difference)) refuse_line("a fact does not begin with its time");
    fact_.at = static_cast<std::int64_t>(static_cast<std::uint64_t>(fact_.at) + static_cast<std::uint64_t>(difference));
    fact_.kind = take_field(line);
    fact_.body = take_field(line);
    fact_.personal = line;
    if (!well_formed_kind(fact_.kind)) refuse_line("a fact's kind does not have the form of one");
    if (fact_.body.size() > schema::max_body_bytes) refuse_line(fmt::format("a fact's body is longer than {} bytes", schema::max_body_bytes));
    if (!well_formed_object(fact_.body, max_nesting)) refuse_line(fmt::format("a fact's body is not a JSON object nested at most {} deep", max_nesting));
    if (fact_.personal.empty()) return;
    if (fact_.personal.size() > max_personal_bytes) refuse_line(fmt::format("personal texts are longer than {} bytes", max_personal_bytes));
    if (!well_formed_object(fact_.personal, max_nesting)) refuse_line("personal texts are not a JSON object");
    const node::Json body = node::parse_json(fact_.body, place_of(bundle_));
    const auto digest = body.find("digest");
    if (digest == body.end() || *digest != node::digest_of(fact_.personal)) refuse_line("personal texts differ from their digest in the fact");
}

const UpFact* UpReader::next() {
    if (!whole()) node::refuse(bundle_.what(), "is packed by what is not held here", "import the bundles before it first");
    const auto line = bundle_.next_line();
    if (!line) {
        if (fact_.seq != head_.last) node::refuse(bundle_.what(), fmt::format("ends with fact {}, its header names {}", fact_.seq, head_.last));
        if (fact_.hash != head_.last_hash) node::refuse(bundle_.what(), "its facts do not give the hash that its head names", "run verify at the sender");
        return nullptr;
    }
    if (fact_.seq == head_.last) refuse_line(fmt::format("a fact after {}, the last that the header names", head_.last));
    read_record(*line);
    ++fact_.seq;
    fact_.hash = schema::chain(fact_.hash, fact_.seq, fact_.at, fact_.kind, fact_.body);
    return &fact_;
}

// ------------------------------------------------------------------------------------------------------------------- down

DownWriter::DownWriter(std::int64_t from_version) : from_version_(from_version), version_(from_version) { assert(from_version >= 0); }

void DownWriter::add(const node::ReturnedFact& returned) {
    const schema::Fact& fact = returned.fact;
    node::Json body = {{"at", fact.at}, {"body", fact.body}, {"kind", fact.kind}};
    // Within a run the hash before a fact is that of the record before it.
    if (last_fact_ != returned.previous) body["before"] = schema::to_hex(returned.previous);
    if (!returned.personal.empty()) body["personal"] = returned.personal;
    add(node::StateRow{std::string(fact_kind), fmt::format("{}/{}", returned.epoch, fact.seq), from_version_ + 1, node::canonical(body)});
    last_fact_ = fact.hash;
}

void DownWriter::add(const node::StateRow& row) {
    assert(row.version >= version_ && row.version > from_version_ && well_formed_kind(row.kind) && row.key.size() <= max_key_bytes);
    assert(row.body.empty() || well_formed_object(row.body, max_nesting));
    append_number(records_, row.version - version_);
    records_ += '\t';
    records_ += row.kind;
    records_ += '\t';
    records_ += node::canonical(row.key);  // in quotes: a group's name may hold anything
    records_ += '\t';
    records_ += row.body;
    records_ += '\n';
    version_ = row.version;
}

Bytes DownWriter::finish(const DownHead& head, node::Instant at, const Identity& hq, const PublicKey& receiver, node::Random& random) {
    assert(head.from_version == from_version_ && head.through_version >= version_);
    BundleHeader header;
    header.kind = BundleKind::state;
    header.from = node::hq_node;
    header.to = head.node;
    header.epoch = head.hq_epoch;
    header.first = from_version_;
    header.last = head.through_version;
    header.at = at;
    node::Json json = {{"included", head.included},
                       {"receipt", {{"epoch", head.receipt.epoch}, {"hash", schema::to_hex(head.receipt.hash)}, {"seq", head.receipt.seq}}}};
    if (head.newest > head.receipt.seq) json["newest"] = head.newest;
    if (head.more) json["more"] = true;
    if (head.digest) json["digest"] = schema::to_hex(*head.digest);
    for (const node::EpochStart& start : head.line) json["line"].push_back({start.epoch, start.after});
    for (const auto& [epoch, through] : head.later) json["later"].push_back({epoch, through});
    if (head.resend_after) json["resend_after"] = *head.resend_after;
    if (head.fork) json["fork"] = schema::to_hex(*head.fork);
    if (!head.era.empty()) json["era"] = head.era;
    if (!head.renewed.empty()) json["renewed"] = head.renewed;
    if (!head.unknown_receipts.empty()) json["unknown_receipts"] = head.unknown_receipts;
    return pack(header, json, records_, hq, receiver, random);
}

DownReader::DownReader(BundleReader& bundle) : bundle_(bundle) {
    const node::Json json = read_head(bundle, BundleKind::state);
    const BundleHeader& header = bundle.header();
    node::Fields fields(json, place_of(bundle));
    if (header.from != node::hq_node) node::refuse(bundle.what(), "holds state, but is not from HQ");
    if (header.last < header.first) node::refuse(bundle.what(), "its versions run backwards");
    head_.node = header.to;
    head_.hq_epoch = header.epoch;
    head_.from_version = header.first;
    head_.through_version = header.last;
    head_.included = fields.count("included");
    head_.more = fields.flag("more", false);
    if (fields.has("digest")) head_.digest = hash_field(fields, "digest");
    if (fields.has("newest")) head_.newest = fields.count("newest");
    node::Fields receipt(fields.get("receipt"), place_of(bundle) + ", \"receipt\"");
    head_.receipt = {receipt.count("epoch"), receipt.count("seq"), hash_field(receipt, "hash")};
    if (const node::Json* line = fields.find("line"))
        for (const auto& [epoch, after] : pairs_field(*line, fields, "line")) {
            if (epoch <= (head_.line.empty() ? 1 : head_.line.back().epoch) || (!head_.line.empty() && after < head_.line.back().after))
                fields.refuse_field("line", "has its epochs out of order");
            head_.line.push_back({epoch, after});
        }
    if (const node::Json* later = fields.find("later"))
        for (const auto& [epoch, through] : pairs_field(*later, fields, "later")) head_.later[epoch] = through;
    if (fields.has("resend_after")) head_.resend_after = fields.count("resend_after");
    if (fields.has("fork")) head_.fork = hash_field(fields, "fork");
    head_.era = word_field(fields, "era", node::max_era_bytes);
    head_.renewed = word_field(fields, "renewed", max_word_bytes);
    if (const node::Json* unknown = fields.find("unknown_receipts")) head_.unknown_receipts = receipts_field(*unknown, fields, "unknown_receipts");
    version_ = head_.from_version;
}

void DownReader::refuse_line(const std::string& why) const { node::refuse(place_of(bundle_), why, "HQ's program is faulty: run verify there"); }

void DownReader::read_record(std::string_view line) {
    std::int64_t difference = 0;
    if (!parse_number(take_field(line), difference) || difference < 0 || difference > head_.through_version - version_)
        refuse_line(fmt::format("a row's version is not in order, or not up to {}", head_.through_version));
    version_ += difference;
    if (version_ == head_.from_version) refuse_line(fmt::format("a row of version {}, after which the bundle begins", version_));
    row_.version = version_;
    row_.kind = take_field(line);
    if (!well_formed_kind(row_.kind)) refuse_line("a row's kind does not have the form of one");
    const std::string_view key = take_field(line);
    if (key.size() > 2 && key.front() == '"' && key.find_first_of("\\\"", 1) == key.size() - 1) {
        row_.key = key.substr(1, key.size() - 2);
    } else {
        const node::Json json = node::parse_json(key, place_of(bundle_));
        if (!json.is_string()) refuse_line("a row's key is not a text in quotes");
        row_.key = json.get<std::string>();
    }
    if (row_.key.size() > max_key_bytes) refuse_line(fmt::format("a row's key is longer than {} bytes", max_key_bytes));
    if (!line.empty() && !well_formed_object(line, max_nesting)) refuse_line(fmt::format("a row is not a JSON object nested at most {} deep", max_nesting));
    row_.body = line;
}

std::optional<node::ReturnedFact> DownReader::next_fact() {
    const auto line = bundle_.next_line();
    if (!line) return std::nullopt;
    read_record(*line);
    read_ahead_ = row_.kind != fact_kind;
    if (read_ahead_) return std::nullopt;
    const node::Json json = node::parse_json(row_.body, place_of(bundle_), 4 * schema::max_body_bytes);
    node::Fields fields(json, place_of(bundle_), false);
    node::ReturnedFact returned;
    std::string_view name = row_.key;
    const std::string_view epoch = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(name.size(), epoch.size() + 1));
    schema::Fact& fact = returned.fact;
    if (!parse_number(epoch, returned.epoch) || !parse_number(name, fact.seq) || returned.epoch < 1 || fact.seq < 1)
        refuse_line("a fact is not named by epoch and number");
    fact.at = fields.integer("at");
    fact.kind = fields.text("kind");
    fact.body = fields.text("body");
    if (!well_formed_kind(fact.kind) || fact.body.size() > schema::max_body_bytes || !well_formed_object(fact.body, max_nesting))
        refuse_line("a fact does not have the form of one");
    if (fields.has("before"))
        returned.previous = hash_field(fields, "before");
    else if (fact_ && fact_->seq + 1 == fact.seq)
        returned.previous = fact_->hash;
    else
        refuse_line("a fact does not say what it follows");
    fact.hash = schema::chain(returned.previous, fact.seq, fact.at, fact.kind, fact.body);
    if (fields.has("personal")) {
        returned.personal = fields.text("personal");
        if (returned.personal.size() > max_personal_bytes || !well_formed_object(returned.personal, max_nesting))
            refuse_line("personal texts are not a JSON object");
        const node::Json body = node::parse_json(fact.body, place_of(bundle_));
        if (body.value("digest", "") != node::digest_of(returned.personal)) refuse_line("personal texts differ from their digest in the fact");
    }
    fact_ = fact;
    return returned;
}

const node::StateRow* DownReader::next() {
    if (std::exchange(read_ahead_, false)) return &row_;
    const auto line = bundle_.next_line();
    if (!line) return nullptr;
    read_record(*line);
    return &row_;
}

}  // namespace paprsek::sync
