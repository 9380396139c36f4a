#include "node/lookup.h"

#include <fmt/format.h>

#include "node/catalogue.h"
#include "node/customers.h"

namespace paprsek::node {
namespace {

using CodeKind = CodeReading::Kind;

std::string described(const Product& product) { return fmt::format("{} at {}", product.name, print(product.price)); }

class Lookup {
public:
    Lookup(Database& database, const Policy& policy, std::string_view text, Explain explain) : database_(database), policy_(policy), explain_(explain) {
        reading_.code = normalise_code(text);
    }

    CodeReading run() {
        if (reading_.code.empty()) {
            say("code", false, "it is empty, too long, or holds signs that no code has");
            return reading_;
        }
        exact();
        if (!done()) card();
        if (!done()) rules();
        if (!done()) lost_zeros();
        return reading_;
    }

private:
    bool found() const { return reading_.kind != CodeKind::nothing; }
    bool done() const { return found() && explain_ == Explain::no; }
    void say(std::string asked, bool matched, std::string why) {
        if (explain_ == Explain::yes) reading_.steps.push_back({std::move(asked), matched, std::move(why)});
    }
    /// True where something before has matched: this place is told, and not asked.
    bool passed_over(const std::string& place) {
        if (found()) say(place, false, "not asked: the code was found before");
        return found();
    }
    void take(Product product, std::string code) {
        reading_.kind = CodeKind::product;
        reading_.product = std::move(product);
        reading_.found_as = std::move(code);
    }

    void exact() {
        auto product = find_product(database_, reading_.code);
        say("exact code", product.has_value(), product ? described(*product) : "no product has it");
        if (product) take(std::move(*product), reading_.code);
    }

    void card() {
        if (passed_over("customer card")) return;
        const auto customer = customer_by_card(database_, reading_.code);
        say("customer card", customer.has_value(), customer ? fmt::format("customer {}", customer->terms.id) : "no customer has it");
        if (!customer) return;
        reading_.kind = CodeKind::customer;
        reading_.customer = customer->terms.id;
    }

    /// The first rule that fits decides alone, whatever comes of it: the next one would read something else in the same digits.
    void rules() {
        bool decided = false;
        for (const BarcodeRule* rule : by_priority(policy_.barcode_rules)) {
            const std::string place = fmt::format("rule {} {} (priority {})", rule->name, rule->pattern, rule->priority);
            if (passed_over(place)) continue;
            std::string why;
            const auto match = read_barcode(reading_.code, *rule, &why);
            if (decided)
                say(place, false, "not asked: a rule before it fits");
            else if (!match)
                say(place, false, why);
            else
                decided = read(*match, place);
            if (decided && explain_ == Explain::no) return;
        }
    }

    bool read(const BarcodeMatch& match, const std::string& place) {
        reading_.rule = match.rule;
        if (match.customer || match.badge) {
            reading_.kind = match.customer ? CodeKind::customer : CodeKind::badge;
            say(place, true, match.customer ? "it is a customer's card" : "it is a cashier's badge");
            return true;
        }
        const std::string item = normalise_code(match.item);
        auto product = find_product(database_, item);
        std::string inside = fmt::format("item {}", match.item);
        if (match.quantity) inside += fmt::format(", {} kg", print(*match.quantity));
        if (match.price) inside += fmt::format(", price {}", print(*match.price));
        if (!product) {
            say(place, false, fmt::format("{}: no product has this item's code", inside));
            return true;
        }
        say(place, true, inside + ": " + described(*product));
        reading_.quantity = match.quantity;
        reading_.price = match.price;
        take(std::move(*product), item);
        return true;
    }

    void lost_zeros() {
        const std::string place = "lost zeros";
        if (passed_over(place)) return;
        const auto codes = codes_with_lost_zeros(reading_.code);
        std::optional<Product> product;
        std::string as;
        for (const std::string& code : codes) {
            auto other = find_product(database_, code);
            if (other && product && other->key != product->key) return say(place, false, fmt::format("two products could be meant: {} and {}", as, code));
            if (!other || product) continue;
            product = std::move(other);
            as = code;
        }
        if (!product)
            return say(place, false,
                       codes.empty() ? "it does not begin with zeros, or its check digit is wrong" : "no product is stored without its leading zeros");
        say(place, true, fmt::format("{} is stored as {}, without its leading zeros", product->name, as));
        take(std::move(*product), as);
    }

    Database& database_;
    const Policy& policy_;
    Explain explain_;
    CodeReading reading_;
};

}  // namespace

CodeReading read_code(Database& database, const Policy& policy, std::string_view code, Explain explain) {
    return Lookup(database, policy, code, explain).run();
}

}  // namespace paprsek::node
