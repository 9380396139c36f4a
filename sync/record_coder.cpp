#include "sync/record_coder.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/facts.h"
#include "sync/bundle.h"
#include "sync/coder_models.h"
#include "sync/record_line.h"
#include "sync/record_places.h"
#include "sync/record_primer.h"

namespace paprsek::sync {
namespace {

// Bounds of what is remembered; BUNDLE.md names them, for both sides stop learning at the same place.
constexpr std::size_t max_places = 4096, max_keys = 250;
constexpr std::size_t max_texts = 1u << 18, max_text_bytes = 16u << 20, max_remembered_text = 256;
constexpr std::size_t max_memories = 1u << 20;
constexpr std::uint32_t none = Dictionary::none;
constexpr std::uint32_t key_scope = 0, word_scope = 1;  // of letters

/// The packed bytes are none that were ever written; or the line is none that can be packed.
struct Corrupt {};

// Sums of amounts that may be anything: modulo 2^64.
std::int64_t plus(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); }
std::int64_t minus(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)); }
std::int64_t times(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)); }
/// a × b ÷ c, half away from zero.
std::int64_t in_proportion(std::int64_t a, std::int64_t b, std::int64_t c) {
    if (b == c) return a;
    const auto divide = [c](auto product) {
        const decltype(product) divisor = c, half = (divisor < 0 ? -divisor : divisor) / 2;
        return static_cast<std::int64_t>((product < 0 ? product - half : product + half) / divisor);
    };
    const auto small = [](std::int64_t value) { return value == static_cast<std::int32_t>(value); };
    return small(a) && small(b) && small(c) ? divide(a * b) : divide(static_cast<__int128>(a) * b);
}

/// Where unpacked lines go: each is written in place, whose room is checked but not filled first, and then appended.
class TextRoom {
public:
    /// `text` gets so many bytes and no more.
    TextRoom(std::string& text, std::size_t bytes) : text_(text), bytes_(bytes) { text.reserve(bytes); }
    void put(char c) {
        if (at_ == line_.size()) grow(1);
        line_[at_++] = c;
    }
    void put(std::string_view part) {
        if (line_.size() - at_ < part.size()) grow(part.size());
        std::copy(part.begin(), part.end(), line_.data() + at_);
        at_ += part.size();
    }
    void end_line() {
        put('\n');
        if (bytes_ - text_.size() < at_) throw Corrupt();
        text_.append(line_.data(), at_);
        at_ = 0;
    }

private:
    void grow(std::size_t more) {
        if (at_ + more > bytes_) throw Corrupt();
        line_.resize(2 * (at_ + more));
    }
    std::string& text_;
    std::size_t bytes_, at_ = 0;
    std::vector<char> line_ = std::vector<char>(4096);
};

// ------------------------------------------------------------------------------------------------------------------- model

class RecordModel {
public:
    /// What the primer's letters teach is the same each time, and two thirds of the work on a small bundle: learnt once in a program.
    RecordModel() : RecordModel(primed_speller()) {
        spells_ = false;
        read_primer();
        spells_ = true;
    }
    Coder& coder() { return coder_; }
    bool another_line(bool another) { return coder_.code(another_line_, another); }
    /// Packs `text`, or writes what is unpacked to `out`.
    void line(std::string_view text, TextRoom* out = nullptr);
    /// As if the lines had been packed here.
    void learn(std::span<const std::string> lines) {
        coder_.pause();
        for (const std::string& each : lines) line(each);
        coder_.resume();
    }

private:
    explicit RecordModel(const Speller& speller) : speller_(speller) {}
    static const Speller& primed_speller() {
        static const Speller primed = [] {
            RecordModel model{Speller()};
            model.read_primer();
            return model.speller_;
        }();
        return primed;
    }
    void read_primer() {
        for (std::string_view rest = record_primer; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) line(rest.substr(0, rest.find('\n')));
    }

    /// The object at hand.
    struct Scope {
        std::vector<Memory>* memories = nullptr;  ///< of its anchor
        std::size_t child = 0;
        std::int64_t quantity = 1000, price = 0, gross = 0, discount = 0;
        bool has_gross = false;
        Memory* memory() const { return memories ? &(*memories)[child] : nullptr; }
        std::int64_t worth() const { return has_gross ? gross : in_proportion(price, quantity, 1000); }
    };
    /// The line at hand.
    struct Receipt {
        void clear() {
            auto kept = std::move(vat);
            kept.clear();
            *this = {};
            vat = std::move(kept);
        }
        bool customer = false;
        std::string_view card;
        std::int64_t net = 0, redeemed = 0, change = 0, paid = 0;
        std::vector<std::string_view> vat;
        std::int64_t due() const { return minus(net, redeemed); }
    };

    void read_fields(std::string_view text, std::vector<std::uint32_t>& fields);
    Place& field_place(std::uint32_t kind, std::size_t field);
    std::size_t new_keys(const Place* place, std::uint32_t node) const;
    std::uint32_t new_node();
    Place* add_place(std::string_view key);
    void value(Place& place, std::uint32_t node, Scope* scope, int depth);
    void type(Place& place, Type& type);
    void integer(Place& place, std::uint32_t node, Scope* scope);
    void text(Place& place, std::uint32_t node, Scope* scope);
    void spell(Dictionary& dictionary, std::string_view& text);
    std::string_view word(std::string_view wanted);
    void letters(std::uint32_t scope, std::string_view& text);
    void object(Place& place, std::uint32_t node, int depth);
    void array(Place& place, std::uint32_t node, int depth);
    void add_key(Place& place, std::string_view key);
    bool present(Place& place, Place& child, const Scope& scope, bool present);
    void note(const Place& place, const Node& node, Scope& scope);
    std::vector<Memory>* memories_of(Place& place, std::uint32_t anchor);
    std::uint32_t remember(Dictionary& dictionary, std::string_view text);
    Dictionary* dictionary_of(std::string_view key);
    void print(std::uint32_t node, TextRoom& out) const;

    Coder coder_;
    Speller speller_;
    bool spells_ = true;  ///< false: it has learnt the letters that come already
    Dictionary words_;  ///< of all texts
    std::array<BitModel, 8> another_word_;
    BitModel another_line_;
    NumberModel field_count_;
    std::unordered_map<std::string, std::unique_ptr<Dictionary>> dictionaries_;
    std::vector<std::vector<std::unique_ptr<Place>>> fields_;  ///< by kind, and which
    std::size_t places_ = 0, texts_ = 0, text_bytes_ = 0, memories_ = 0;

    std::vector<Node> nodes_;
    std::deque<std::string> spelled_;  ///< texts of the line at hand
    Receipt receipt_;
    std::size_t line_bytes_ = 0;
    std::vector<std::uint32_t> line_fields_;
};

Dictionary* RecordModel::dictionary_of(std::string_view key) {
    auto& dictionary = dictionaries_[std::string(key)];
    if (!dictionary) dictionary = std::make_unique<Dictionary>();
    return dictionary.get();
}

std::uint32_t RecordModel::remember(Dictionary& dictionary, std::string_view text) {
    if (const std::uint32_t id = dictionary.find(text); id != none) return id;
    if (text.size() > max_remembered_text || texts_ == max_texts || text_bytes_ + text.size() > max_text_bytes) return none;
    ++texts_;
    text_bytes_ += text.size();
    return dictionary.add(text);
}

std::uint32_t RecordModel::new_node() {
    if (nodes_.size() == max_nodes || coder_.beyond_end()) throw Corrupt();
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

// ------------------------------------------------------------------------------------------------------------------- lines

void RecordModel::read_fields(std::string_view text, std::vector<std::uint32_t>& fields) {
    for (std::size_t begin = 0, end = 0; end != std::string_view::npos; begin = end + 1) {
        end = text.find('\t', begin);
        const std::string_view field = text.substr(begin, end == std::string_view::npos ? end : end - begin);
        const std::size_t before = nodes_.size();
        auto node = Parser(field, nodes_).object();
        if (!node) {
            nodes_.resize(before);
            node = static_cast<std::uint32_t>(before);
            nodes_.emplace_back();
            const auto number = Parser::integer(field);
            nodes_.back().type = number ? Type::integer : Type::literal;
            nodes_.back().number = number.value_or(0);
        }
        nodes_[*node].text = field;
        fields.push_back(*node);
    }
}

Place& RecordModel::field_place(std::uint32_t kind, std::size_t field) {
    kind = std::min<std::uint32_t>(kind + 1, 255);  // 0: none, as `none` + 1
    field = std::min<std::size_t>(field, 15);
    if (fields_.size() <= kind) fields_.resize(kind + 1);
    auto& places = fields_[kind];
    if (places.size() <= field) places.resize(field + 1);
    if (!places[field]) places[field] = std::make_unique<Place>("", dictionary_of(field == 1 ? "kind" : ""));
    return *places[field];
}

/// How many places the object would make; max_places + 1: too many keys.
std::size_t RecordModel::new_keys(const Place* place, std::uint32_t node) const {
    std::size_t made = 0, keys = place ? place->children.size() : 0;
    const bool object = nodes_[node].type == Type::object;
    std::size_t known = 0;
    for (std::uint32_t member = nodes_[node].first; member != none && made <= max_places; member = nodes_[member].next) {
        const Place* child = object ? nullptr : place ? place->item.get() : nullptr;
        if (object && place) {
            while (known < place->printed.size() && place->children[place->printed[known]]->key < nodes_[member].key) ++known;
            if (known < place->printed.size() && place->children[place->printed[known]]->key == nodes_[member].key)
                child = place->children[place->printed[known]].get();
        }
        if (!child) ++made;
        if (!child && object && ++keys > max_keys) return max_places + 1;
        made += new_keys(child, member);
    }
    return made;
}

void RecordModel::line(std::string_view line_text, TextRoom* out) {
    nodes_.clear();
    spelled_.clear();
    receipt_.clear();
    line_bytes_ = 0;
    std::vector<std::uint32_t>& fields = line_fields_;
    fields.clear();
    if (!coder_.unpacking()) read_fields(line_text, fields);
    const auto count = static_cast<std::uint64_t>(code_number(coder_, field_count_, static_cast<std::int64_t>(fields.size())));
    if (coder_.unpacking()) {
        if (count == 0 || count > max_line_bytes) throw Corrupt();
        for (std::uint64_t i = 0; i < count; ++i) fields.push_back(new_node());
    }
    // The second field first: it says what the others are.
    std::uint32_t kind = none;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t field = i == 0 && fields.size() > 1 ? 1 : i == 1 ? 0 : i;
        Place& place = field_place(field == 1 ? none : kind, field);
        Node& node = nodes_[fields[field]];
        if (node.type == Type::object && places_ + new_keys(&place, fields[field]) > max_places) node.type = Type::literal;
        value(place, fields[field], nullptr, 0);
        if (field == 1) kind = nodes_[fields[field]].id;
    }
    if (!out) return;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i) out->put('\t');
        print(fields[i], *out);
    }
    out->end_line();
}

void RecordModel::print(std::uint32_t index, TextRoom& out) const {
    const Node& node = nodes_[index];
    switch (node.type) {
        case Type::integer: {
            char digits[24];
            return out.put({digits, std::to_chars(digits, digits + sizeof digits, node.number).ptr});
        }
        case Type::text:
            out.put('"');
            out.put(node.text);
            return out.put('"');
        case Type::literal: return out.put(node.text);
        case Type::object:
        case Type::array: break;
    }
    const bool object = node.type == Type::object;
    out.put(object ? '{' : '[');
    for (std::uint32_t member = node.first; member != none; member = nodes_[member].next) {
        if (member != node.first) out.put(',');
        if (object) out.put(nodes_[member].key);
        print(member, out);
    }
    out.put(object ? '}' : ']');
}

// ------------------------------------------------------------------------------------------------------------------ values

void RecordModel::type(Place& place, Type& type) {
    if (!coder_.code(place.same_type, type == place.last_type)) {
        const unsigned read = tree(coder_, place.type, static_cast<unsigned>(type));
        if (read > static_cast<unsigned>(Type::literal)) throw Corrupt();
        place.last_type = static_cast<Type>(read);
    }
    type = place.last_type;
}

void RecordModel::value(Place& place, std::uint32_t node, Scope* scope, int depth) {
    if (depth > max_depth) throw Corrupt();
    type(place, nodes_[node].type);
    switch (nodes_[node].type) {
        case Type::integer: return integer(place, node, scope);
        case Type::text:
        case Type::literal: return text(place, node, scope);
        case Type::object: return object(place, node, depth);
        case Type::array: return array(place, node, depth);
    }
}

void RecordModel::integer(Place& place, std::uint32_t index, Scope* scope) {
    Node& node = nodes_[index];
    struct Guess {
        std::uint8_t name;
        std::int64_t number;
    };
    std::array<Guess, 8> guesses;
    std::size_t count = 0;
    const auto guess = [&](std::uint8_t name, std::int64_t number) {
        for (std::size_t i = 0; i < count; ++i)
            if (guesses[i].number == number) return;
        guesses[count++] = {name, number};
    };
    Memory* memory = scope ? scope->memory() : nullptr;
    if (memory && memory->state == Memory::State::integer) {
        if (memory->quantity != 0) guess(0, in_proportion(memory->number, scope->quantity, memory->quantity));
        guess(1, memory->number);
    }
    if (place.role == Role::by_price && scope) guess(2, scope->worth());
    if (place.role == Role::amount) {
        const std::int64_t rest = minus(plus(receipt_.due(), receipt_.change), receipt_.paid);
        guess(2, rest);
        guess(3, times(in_proportion(rest, 1, 100), 100));
    }
    if (place.role == Role::rounding) guess(2, minus(minus(receipt_.paid, receipt_.change), receipt_.due()));
    guess(4, plus(place.last_number, place.last_step));
    guess(5, place.last_number);

    std::uint8_t hit = 6;
    auto& models = place.hit[place.last_hit];
    for (std::size_t i = 0; i < count && hit == 6; ++i)
        if (coder_.code(models[guesses[i].name], guesses[i].number == node.number)) {
            hit = guesses[i].name;
            node.number = guesses[i].number;
        }
    if (hit == 6) {
        if (!place.numbers) place.numbers = std::make_unique<NumberModel>();
        node.number = code_number(coder_, *place.numbers, node.number);
    }
    place.last_hit = hit;
    place.last_step = minus(node.number, place.last_number);
    place.last_number = node.number;
    if (memory) {
        memory->state = Memory::State::integer;
        memory->number = node.number;
        memory->quantity = scope->quantity;
    }
}

/// A text that is new under its key: of digits, or word by word.
void RecordModel::spell(Dictionary& dictionary, std::string_view& text) {
    if (coder_.code(dictionary.of_digits, DigitSpeller::fits(text))) {
        text = spelled_.emplace_back(dictionary.digits.spell(coder_, text));
        return;
    }
    std::string read;
    std::string_view rest = text;
    for (std::size_t words = 0;; ++words) {
        const std::size_t end = rest.find(' ');
        read += word(rest.substr(0, end));
        if (read.size() > max_line_bytes) throw Corrupt();
        if (!coder_.code(another_word_[std::min<std::size_t>(words, another_word_.size() - 1)], end != std::string_view::npos)) break;
        read += ' ';
        if (!coder_.unpacking()) rest.remove_prefix(end + 1);
    }
    text = spelled_.emplace_back(std::move(read));
}

std::string_view RecordModel::word(std::string_view wanted) {
    const std::uint32_t known = coder_.unpacking() ? none : words_.find(wanted);
    if (words_.size() && coder_.code(words_.known, known != none)) return words_.text(words_.choose(coder_, known));
    if (coder_.code(words_.of_digits, DigitSpeller::fits(wanted))) return spelled_.emplace_back(words_.digits.spell(coder_, wanted));
    letters(word_scope, wanted);
    remember(words_, wanted);
    return wanted;
}

void RecordModel::letters(std::uint32_t scope, std::string_view& text) {
    if (!spells_) return;
    speller_.begin(scope);
    if (!coder_.unpacking()) {
        for (const char c : text) speller_.letter(coder_, static_cast<unsigned char>(c));
        speller_.letter(coder_, Speller::end);
        return;
    }
    std::string& read = spelled_.emplace_back();
    for (unsigned char c = 0; (c = speller_.letter(coder_, 0)) != Speller::end; read += static_cast<char>(c))
        if (read.size() == max_line_bytes || coder_.beyond_end()) throw Corrupt();
    text = read;
}

void RecordModel::text(Place& place, std::uint32_t index, Scope* scope) {
    Node& node = nodes_[index];
    Dictionary& dictionary = *place.dictionary;
    if (!coder_.unpacking()) node.id = dictionary.find(node.text);
    Memory* memory = scope ? scope->memory() : nullptr;
    auto& models = place.hit[place.last_hit];
    std::uint8_t hit = 7;
    const auto guess = [&](std::uint8_t name, std::uint32_t id) {
        if (hit != 7 || id == none || !coder_.code(models[name], id == node.id)) return;
        hit = name;
        node.id = id;
    };
    const std::uint32_t remembered = memory && memory->state == Memory::State::text ? memory->text : none;
    guess(0, remembered);
    if (hit == 7 && place.role == Role::customer && !receipt_.card.empty() && receipt_.card.size() <= max_remembered_text) {
        const std::string customer = node::customer_of_card(receipt_.card);
        if (coder_.code(models[1], node.text == customer)) {
            hit = 1;
            if (coder_.unpacking()) node.text = spelled_.emplace_back(customer);
            node.id = remember(dictionary, node.text);
        }
    }
    if (place.last_text != remembered) guess(2, place.last_text);
    if (hit == 7) {
        hit = 6;
        if (dictionary.size() && coder_.code(dictionary.known, node.id != none)) {
            node.id = dictionary.choose(coder_, node.id);
        } else {
            spell(dictionary, node.text);
            node.id = remember(dictionary, node.text);
        }
    }
    if (node.id != none) node.text = dictionary.text(node.id);
    line_bytes_ += node.text.size();
    if (line_bytes_ > max_line_bytes) throw Corrupt();
    place.last_hit = hit;
    place.last_text = node.id;
    if (memory) {
        memory->state = Memory::State::text;
        memory->text = node.id;
    }
}

void RecordModel::array(Place& place, std::uint32_t index, int depth) {
    if (!place.numbers) place.numbers = std::make_unique<NumberModel>();
    std::int64_t length = 0;
    for (std::uint32_t member = nodes_[index].first; member != none; member = nodes_[member].next) ++length;
    length = code_number(coder_, *place.numbers, length);
    if (length < 0) throw Corrupt();
    if (length && !place.item) {
        place.item.reset(add_place(""));
        place.item->dictionary = place.dictionary;
    }
    std::uint32_t member = nodes_[index].first, last = none;
    for (std::int64_t i = 0; i < length; ++i) {
        if (coder_.unpacking()) {
            member = new_node();
            (last == none ? nodes_[index].first : nodes_[last].next) = member;
        }
        if (place.role == Role::lines) place.item->role = Role::lines;
        value(*place.item, member, nullptr, depth + 1);
        last = member;
        member = nodes_[member].next;
    }
}

// ----------------------------------------------------------------------------------------------------------------- objects

Place* RecordModel::add_place(std::string_view key) {
    if (places_ == max_places) throw Corrupt();
    ++places_;
    return new Place(key, dictionary_of(key));
}

void RecordModel::add_key(Place& place, std::string_view key) {
    if (place.children.size() == max_keys) throw Corrupt();
    const auto id = static_cast<std::uint8_t>(place.children.size());
    place.children.emplace_back(add_place(key));
    const auto by_key = [&](std::uint8_t a, std::uint8_t b) { return place.children[a]->key < place.children[b]->key; };
    const auto by_rank = [&](std::uint8_t a, std::uint8_t b) {
        const int rank_a = rank_of(place.children[a]->role), rank_b = rank_of(place.children[b]->role);
        return rank_a != rank_b ? rank_a < rank_b : by_key(a, b);
    };
    place.printed.insert(std::upper_bound(place.printed.begin(), place.printed.end(), id, by_key), id);
    place.order.insert(std::upper_bound(place.order.begin(), place.order.end(), id, by_rank), id);
    for (auto& memories : place.memories)
        if (!memories.empty() && memories_ < max_memories) {
            memories.resize(place.children.size());
            ++memories_;
        }
}

std::vector<Memory>* RecordModel::memories_of(Place& place, std::uint32_t anchor) {
    if (place.memories.size() <= anchor) {
        if (memories_ + anchor + 1 - place.memories.size() > max_memories) return nullptr;
        memories_ += anchor + 1 - place.memories.size();
        place.memories.resize(anchor + 1);
    }
    auto& memories = place.memories[anchor];
    if (memories.size() < place.children.size()) {
        if (memories_ + place.children.size() > max_memories) return nullptr;
        memories_ += place.children.size() - memories.size();
        memories.resize(place.children.size());
    }
    return &memories;
}

bool RecordModel::present(Place& place, Place& child, const Scope& scope, bool there) {
    const Memory* memory = scope.memory();
    std::size_t context = !memory || memory->state == Memory::State::unknown ? 0 : memory->state == Memory::State::absent ? 1 : 2;
    // A rate stands in a receipt where a line is of its group.
    const bool named = place.role == Role::rates && std::find(receipt_.vat.begin(), receipt_.vat.end(), child.key) != receipt_.vat.end();
    context = context * 4 + (child.was_present ? 2 : 0) + (receipt_.customer || named ? 1 : 0);
    return child.was_present = coder_.code(child.present[context], there);
}

/// What others follow from.
void RecordModel::note(const Place& place, const Node& node, Scope& scope) {
    if (node.type == Type::text) {
        if (place.role == Role::customer) receipt_.customer = true;
        if (place.role == Role::card) receipt_.card = node.text;
        if (place.role == Role::vat) receipt_.vat.push_back(node.text);
    }
    if (node.type != Type::integer) return;
    switch (place.role) {
        case Role::quantity: scope.quantity = node.number; break;
        case Role::price: scope.price = node.number; break;
        case Role::discount: scope.discount = node.number; break;
        case Role::redeemed: receipt_.redeemed = node.number; break;
        case Role::change: receipt_.change = node.number; break;
        case Role::amount: receipt_.paid = plus(receipt_.paid, node.number); break;
        case Role::by_price:
            if (place.key == "gross") {
                scope.gross = node.number;
                scope.has_gross = true;
            }
            break;
        default: break;
    }
}

void RecordModel::object(Place& place, std::uint32_t index, int depth) {
    std::array<std::uint32_t, max_keys> members;  // of each child
    const std::size_t known = place.children.size();
    std::fill_n(members.begin(), known, none);
    std::size_t at = 0;
    std::vector<std::uint32_t> fresh;
    for (std::uint32_t member = nodes_[index].first; member != none; member = nodes_[member].next) {
        while (at < place.printed.size() && place.children[place.printed[at]]->key < nodes_[member].key) ++at;
        if (at < place.printed.size() && place.children[place.printed[at]]->key == nodes_[member].key)
            members[place.printed[at]] = member;
        else
            fresh.push_back(member);
    }
    for (std::size_t i = 0; coder_.code(place.another_key, i < fresh.size()); ++i) {
        std::string_view key = i < fresh.size() ? nodes_[fresh[i]].key : std::string_view();
        letters(key_scope, key);
        add_key(place, key);
        members[place.children.size() - 1] = i < fresh.size() ? fresh[i] : none;
    }

    Scope scope;
    bool anchored = false;
    for (const std::uint8_t id : place.order) {
        Place& child = *place.children[id];
        scope.child = id;
        const bool there = id >= known || present(place, child, scope, members[id] != none);
        if (id >= known) child.was_present = true;
        if (!there) {
            if (Memory* memory = scope.memory()) memory->state = Memory::State::absent;
            continue;
        }
        if (coder_.unpacking()) {
            members[id] = new_node();
            nodes_[members[id]].key = child.printed_key;
        }
        value(child, members[id], &scope, depth + 1);
        const Node& node = nodes_[members[id]];
        if (Memory* memory = scope.memory(); memory && (node.type == Type::object || node.type == Type::array)) memory->state = Memory::State::there;
        note(child, node, scope);
        if (!anchored && node.type == Type::text) {
            anchored = true;
            if (node.id != none) scope.memories = memories_of(place, node.id);
        }
    }
    if (place.role == Role::lines) receipt_.net = plus(receipt_.net, minus(scope.worth(), scope.discount));

    if (!coder_.unpacking()) return;
    std::uint32_t last = none;
    for (const std::uint8_t id : place.printed) {
        if (members[id] == none) continue;
        (last == none ? nodes_[index].first : nodes_[last].next) = members[id];
        last = members[id];
    }
}

}  // namespace

std::optional<Bytes> pack_records(std::string_view text, std::span<const std::string> known) {
    if (text.size() > max_record_bytes || (!text.empty() && text.back() != '\n')) return std::nullopt;
    RecordModel model;
    model.coder().pack();
    try {
        bool first = true;
        for (std::string_view rest = text; model.another_line(!rest.empty()); rest.remove_prefix(rest.find('\n') + 1)) {
            model.line(rest.substr(0, rest.find('\n')));
            if (std::exchange(first, false)) model.learn(known);
        }
    } catch (const Corrupt&) {
        return std::nullopt;
    }
    Bytes packed = model.coder().finish();
    const auto back = unpack_records(packed, text.size(), [&](std::string_view) { return Lines(known.begin(), known.end()); });
    if (!back || back->text != text) return std::nullopt;
    return packed;
}

std::optional<Unpacked> unpack_records(BytesView packed, std::size_t bytes, const FindLines& find) {
    if (bytes > max_record_bytes) return std::nullopt;
    RecordModel model;
    model.coder().unpack(packed);
    Unpacked unpacked;
    TextRoom room(unpacked.text, bytes);
    try {
        for (bool first = true; model.another_line(false);) {
            model.line({}, &room);
            if (!std::exchange(first, false)) continue;
            const auto known = find(std::string_view(unpacked.text).substr(0, unpacked.text.size() - 1));
            if (!known) {
                unpacked.whole = false;
                return unpacked;
            }
            model.learn(*known);
        }
    } catch (const Corrupt&) {
        return std::nullopt;
    }
    if (unpacked.text.size() != bytes || !model.coder().at_end()) return std::nullopt;
    return unpacked;
}

std::optional<std::string> unpack_records(BytesView packed, std::size_t bytes) {
    auto unpacked = unpack_records(packed, bytes, [](std::string_view) { return Lines(); });
    return unpacked ? std::optional(std::move(unpacked->text)) : std::nullopt;
}

}  // namespace paprsek::sync
