#include "hq/recompute.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "hq/product_of.h"
#include "hq/watch.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/catalogue.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;
using node::BookedLine;
using node::Product;

constexpr std::size_t max_told = 10;                  ///< differences in the evidence
constexpr std::size_t max_products_of_line = 400;     ///< beyond that the line is left as it is
constexpr std::int64_t first_ms = 0, last_ms = 7'258'118'400'000;  ///< 1970 to 2200: what the calendar is made for

// ------------------------------------------------------------------------------------------------------- the rules

struct JudgedLine {
    BookedLine line;  ///< by the rules
    std::vector<Difference> differences;
};

/// The line by the rules, had it been of this product (none: a text or open line); at HQ's price where the till had no right to another.
JudgedLine judge(std::size_t number, const BookedLine& till, const Product* product, node::Instant entered, const node::Policy& policy,
                 const node::TimeZone& zone, const node::CustomerTerms* customer) {
    node::LineInput input;
    input.code = till.code;
    input.name = till.name;
    input.vat = product ? product->vat : till.vat;
    input.price = !product || till.list || till.embedded ? till.price : product->price;
    input.price_typed = !product || till.list;
    input.price_embedded = till.embedded;
    input.quantity = till.quantity;
    if (!till.by_hand.is_zero()) input.manual_discount = till.by_hand;
    input.entered = entered;
    if (product) input.product = *product;
    JudgedLine judged{node::price_line(policy, zone, input, customer).line, {}};
    const BookedLine& rules = judged.line;
    const auto differ = [&](std::string_view rule, std::string had, std::string gets) {
        if (had != gets) judged.differences.push_back({number, rule, std::move(had), std::move(gets)});
    };
    if (product && !till.embedded) differ("price", print(till.list.value_or(till.price)), print(product->price));
    differ("vat", till.vat, rules.vat);
    differ("excluded", till.excluded ? "yes" : "no", rules.excluded ? "yes" : "no");
    differ("discount", print(till.discount), print(rules.discount));
    differ("points", print(till.points), print(rules.points));
    return judged;
}

/// Rules 6 to 9, over the lines as the till booked them, so that a line at fault is not told twice.
void compare_receipt(const node::ReceiptFact& sale, node::Instant at, const node::Policy& policy, const node::TimeZone& zone, std::vector<Difference>& list) {
    const auto differ = [&](std::string_view rule, std::string had, std::string gets) {
        if (had != gets) list.push_back({0, rule, std::move(had), std::move(gets)});
    };
    node::Money payable;
    for (const BookedLine& line : sale.lines)
        if (!line.product.empty() && !line.excluded) payable += line.net;
    if (sale.redeemed > payable || (sale.customer.empty() && !sale.redeemed.is_zero()))
        differ("redemption", print(sale.redeemed), sale.customer.empty() ? "0.00" : print(payable));
    differ("points_taken", print(sale.taken), print(node::points_for(sale.redeemed, policy.point_value)));
    const bool payment = policy.redemption_is == node::RedemptionIs::payment && !sale.redeemed.is_zero();
    differ("redemption", sale.redemption_is_payment ? "payment" : "discount", payment ? "payment" : "discount");
    node::CustomerTerms anybody;  // whether the account may be charged is the exception "overdraft"
    anybody.charge = true;
    const node::Settled settled = node::settle(sale.net() - sale.redeemed, sale.pay, policy.cash_rounding, &anybody, policy.tenders);
    if (settled.fault == node::PayFault::none) {
        differ("rounding", print(sale.rounding), print(settled.rounding));
        differ("change", print(sale.change), print(settled.change));
    }
    const auto rates = [](const std::map<std::string, node::Rate>& all) {
        std::string text;
        for (const auto& [group, rate] : all) text += (text.empty() ? "" : ", ") + group + " " + print(rate);
        return text;
    };
    differ("rates", rates(sale.rates), rates(node::rates_of(policy, sale.lines, zone.local(at).date)));
}

/// By the product that the line is right for, else by the likeliest; as booked where no product is at hand.
JudgedLine judge_by_any(const node::ReceiptFact& sale, std::size_t index, node::Instant at, const node::Policy& policy, const node::TimeZone& zone,
                        const node::CustomerTerms* customer, const ProductsOfLine& products) {
    const BookedLine& till = sale.lines[index];
    const node::Instant entered{at.ms - till.waited_ms};
    if (till.product.empty()) return judge(index + 1, till, nullptr, entered, policy, zone, customer);
    std::optional<JudgedLine> likeliest;
    for (const Breadth breadth : {Breadth::likely, Breadth::all})
        for (const Product& product : products(index, breadth)) {
            JudgedLine judged = judge(index + 1, till, &product, entered, policy, zone, customer);
            if (judged.differences.empty()) return judged;
            if (!likeliest) likeliest = std::move(judged);
        }
    return likeliest.value_or(JudgedLine{till, {}});
}

node::CustomerTerms referred_by(const std::string& referrer) {
    node::CustomerTerms terms;
    terms.referrer = referrer;
    return terms;
}

}  // namespace

Recomputed recompute(const node::ReceiptFact& sale, node::Instant at, const node::Policy& policy, const node::TimeZone& zone, const ProductsOfLine& products) {
    Recomputed result;
    const node::CustomerTerms terms = node::terms_of(sale.terms);
    const node::CustomerTerms* customer = sale.customer.empty() ? nullptr : &terms;
    node::Points points;
    node::Money net;
    for (std::size_t i = 0; i < sale.lines.size(); ++i) {
        const JudgedLine judged = judge_by_any(sale, i, at, policy, zone, customer, products);
        points += judged.line.points;
        net += judged.line.net;
        result.differences.insert(result.differences.end(), judged.differences.begin(), judged.differences.end());
    }
    compare_receipt(sale, at, policy, zone, result.differences);
    if (customer) {
        result.points = points - sale.points();
        result.spend = net - sale.net();
    }
    if (!sale.referral) return result;
    const auto share = [&](node::Points of_points, node::Money of_net) {
        return node::referral_of(policy, referred_by(sale.referral->customer), of_points, of_net).value_or(node::Referral{sale.referral->customer, {}, {}});
    };
    const node::Referral booked = share(sale.points(), sale.net()), right = share(points, net);
    if (booked.points != sale.referral->points || booked.spend != sale.referral->spend)
        result.differences.push_back({0, "referral", print(sale.referral->points) + " / " + print(sale.referral->spend),
                                      print(booked.points) + " / " + print(booked.spend)});
    result.referrer = {sale.referral->customer, right.points - sale.referral->points, right.spend - sale.referral->spend};
    return result;
}

// -------------------------------------------------------------------------------------------------- at headquarters

namespace {

/// What HQ knew, as its tables keep it; read once a run.
class Past {
public:
    Past(Store& store, const std::string& currency) : store_(store), currency_(currency), from_(store.former_from()), to_(store.version()) {
        for (auto& [version, body] : store.policies(from_)) policies_.emplace(version, PolicyAt{std::move(body), {}});
    }
    bool knows(std::int64_t version) const { return version >= from_ && version > 0 && version <= to_; }

    /// Nothing for a version that was never a policy's, or is forgotten.
    const node::Policy* policy(std::int64_t version) {
        const auto found = policies_.find(version);
        if (found == policies_.end()) return nullptr;
        if (!found->second.policy) found->second.policy = node::parse_policy(found->second.body, currency_, "policy", version, false);
        return &*found->second.policy;
    }
    /// The price lists that the branch had by the policies from the one of that state to `last`.
    std::vector<std::string> price_lists(int branch, std::int64_t state, std::int64_t last) {
        std::vector<std::string> lists;
        auto each = policies_.upper_bound(state);
        if (each != policies_.begin()) --each;
        for (; each != policies_.end() && (each->first <= last || lists.empty()); ++each) {
            const std::string list = policy(each->first)->price_list_of(branch);
            if (std::find(lists.begin(), lists.end(), list) == lists.end()) lists.push_back(list);
        }
        return lists;
    }

    std::vector<Product> products(const std::string& key, std::int64_t state, Breadth breadth) {
        const auto& rows = products_.try_emplace(key).first->second.rows(key, *this);
        if (breadth == Breadth::likely) {
            const auto* row = at(rows, state);
            return row ? std::vector<Product>{product(row->row, state)} : std::vector<Product>{};
        }
        std::vector<Product> list;
        std::set<std::int64_t> moments{state};  // of the groups, all that could be among theirs
        for (const auto& row : rows) note_groups(row.row.group, state, moments, 0);
        for (const auto& row : rows) {
            if (&row != &rows.back() && (&row)[1].version <= state) continue;
            for (const std::int64_t moment : moments) list.push_back(product(row.row, moment));
            if (list.size() > max_products_of_line) return list;
        }
        return list;
    }

private:
    struct PolicyAt {
        std::string body;
        std::optional<node::Policy> policy;
    };
    template <class Row>
    struct Rows {
        std::optional<std::vector<Formerly<Row>>> read;
        const std::vector<Formerly<Row>>& rows(const std::string& key, Past& past) {
            if (!read) {
                if constexpr (std::is_same_v<Row, node::ProductRow>)
                    read = past.store_.products_since(key, past.from_);
                else
                    read = past.store_.groups_since(key, past.from_);
            }
            return *read;
        }
    };
    template <class Row>
    static const Formerly<Row>* at(const std::vector<Formerly<Row>>& rows, std::int64_t version) {
        const Formerly<Row>* found = nullptr;
        for (const auto& row : rows)
            if (row.version <= version) found = &row;
        return found;
    }
    Product product(const node::ProductRow& row, std::int64_t moment) {
        return product_of(row, [&](const std::string& name) -> std::optional<node::GroupRow> {
            const auto* group = at(groups_.try_emplace(name).first->second.rows(name, *this), moment);
            return group ? std::optional(group->row) : std::nullopt;
        });
    }
    void note_groups(const std::string& name, std::int64_t state, std::set<std::int64_t>& moments, int depth) {
        const std::string key = node::fold(name);
        if (key.empty() || depth == node::max_group_depth || moments.size() > max_products_of_line) return;
        std::set<std::string> above;
        for (const auto& row : groups_.try_emplace(key).first->second.rows(key, *this)) {
            if (row.version > state) moments.insert(row.version);
            above.insert(row.row.parent);
        }
        for (const std::string& parent : above) note_groups(parent, state, moments, depth + 1);
    }

    Store& store_;
    const std::string& currency_;
    std::int64_t from_, to_;
    std::map<std::int64_t, PolicyAt> policies_;
    std::unordered_map<std::string, Rows<node::ProductRow>> products_;
    std::unordered_map<std::string, Rows<node::GroupRow>> groups_;
};

std::string cursor_of(std::int64_t chain) { return fmt::format("recomputed/{}", chain); }

std::int64_t looked_at(Store& store, const ChainRecord& chain) {
    const auto text = store.setting(cursor_of(chain.id));
    return std::max(chain.base, text ? std::int64_t{std::stoll(*text)} : 0);
}

class Recomputing {
public:
    Recomputing(Store& store, const RecomputeOptions& options, node::Instant now)
        : store_(store), options_(options), past_(store, options.currency), watch_(store, now) {}

    void run(const NodeRecord& node) {
        room_.reset();
        std::optional<node::TimeZone> zone;
        for (const ChainRecord& chain : store_.chains(node.id)) {
            const std::int64_t from = looked_at(store_, chain);
            if (from == chain.held) continue;
            if (!zone) zone.emplace(zone_of(node));
            const std::int64_t last = std::min(chain.held, from + options_.most - progress_.facts);
            std::int64_t reached = from;
            bool room = true;
            store_.facts(chain.id, {from + 1, last}, [&](const schema::Fact& fact) {
                ++progress_.facts;
                const bool may_differ = fact.kind == kind::sale && fact.body.find("\"state\":") != std::string::npos;
                if (may_differ) room = look_at(node, chain, fact, *zone);
                if (room) reached = fact.seq;
                return room;
            });
            if (reached != from) store_.set_setting(cursor_of(chain.id), std::to_string(reached));
            if (!room) return;
            if (reached < chain.held) progress_.left = true;
            if (progress_.facts >= options_.most) return;
        }
    }
    RecomputeProgress finished() {
        progress_.exceptions = watch_.exceptions();
        return progress_;
    }

private:
    /// Its ledger's first fact says so.
    std::string zone_of(const NodeRecord& node) {
        std::string name = options_.time_zone;
        for (const ChainRecord& chain : store_.chains(node.id))
            if (chain.base == 0 && chain.held > 0)
                if (const auto first = store_.fact(fact_id(chain.id, 1)); first && first->kind == kind::node_created) {
                    const node::Json body = node::Json::parse(first->body, nullptr, false);
                    if (body.is_object() && body.contains("time_zone") && body["time_zone"].is_string()) name = body["time_zone"].get<std::string>();
                }
        try {
            node::TimeZone{name};
        } catch (const node::Error&) {
            return options_.time_zone;
        }
        return name;
    }

    /// Whether one more of the node would still be raised.
    bool has_room(const NodeRecord& node) {
        if (!room_) {
            room_ = max_open_mismatches;
            for (const Exception& live : store_.live_exceptions(exception_kind::price_mismatch))
                if (live.open() && live.node == node.node) --*room_;
        }
        return *room_ > 0;
    }

    /// False where the sale differs, and too many of the node wait for an answer already.
    bool look_at(const NodeRecord& node, const ChainRecord& chain, const schema::Fact& fact, const node::TimeZone& zone) {
        try {
            const node::ReceiptFact sale = node::parse_receipt(fact.kind, fact.body);
            const node::Policy* policy = past_.policy(sale.policy);
            if (sale.state.epoch != options_.hq_epoch || !past_.knows(sale.state.version) || !policy) return true;
            if (fact.at < first_ms || fact.at > last_ms) return true;
            for (const BookedLine& line : sale.lines)
                if (line.waited_ms > fact.at - first_ms || line.waited_ms < fact.at - last_ms) return true;
            const auto products = [&](std::size_t index, Breadth breadth) { return products_of(node, sale, index, {fact.at}, zone, breadth); };
            const Recomputed recomputed = hq::recompute(sale, {fact.at}, *policy, zone, products);
            ++progress_.sales;
            if (recomputed.differences.empty()) return true;
            if (!has_room(node)) return false;
            if (watch_.raise({fact_id(chain.id, fact.seq), fact.at, fact.kind, fact.body, node.node, chain.epoch}, exception_kind::price_mismatch,
                             node::customer_of_fact(node.node, chain.epoch, fact.seq), evidence_of(node, sale, fact.at, recomputed)))
                --*room_;
        } catch (const node::Error& error) {
            if (error.exit() != node::Exit::refused) throw;  // the disk; a fact without the form is an exception of its own
        } catch (const node::Overflow&) {
            // Nor can HQ tell what it comes to.
        }
        return true;
    }

    std::vector<Product> products_of(const NodeRecord& node, const node::ReceiptFact& sale, std::size_t index, node::Instant at, const node::TimeZone& zone,
                                     Breadth breadth) {
        const BookedLine& line = sale.lines[index];
        const std::int64_t state = line.state.value_or(sale.state.version);
        if (!past_.knows(state)) return {};
        const node::Date day = zone.local({at.ms - line.waited_ms}).date;
        const auto lists = past_.price_lists(node.node.branch, state, sale.policy);
        std::vector<Product> priced;
        for (Product& product : past_.products(line.product, state, breadth))
            for (const std::string& list : lists) {
                priced.push_back(product);
                priced.back().price = node::price_on(product.prices, product.price, {list, day});
                if (breadth == Breadth::likely) break;
            }
        if (priced.size() > max_products_of_line) priced.clear();
        return priced;
    }

    node::Json evidence_of(const NodeRecord& node, const node::ReceiptFact& sale, std::int64_t at, const Recomputed& recomputed) {
        node::Json json = {{"receipt", fmt::format("{}-{:06}", print(node.node), sale.number)},
                           {"at", node::print_utc({at})},
                           {"total", print(sale.total())},
                           {"policy", sale.policy},
                           {"state", sale.state.version},
                           {"differences", node::Json::array()},
                           {"corrections", node::Json::array()}};
        for (const Difference& each : recomputed.differences) {
            if (json["differences"].size() == max_told) {
                json["more"] = recomputed.differences.size() - max_told;
                break;
            }
            node::Json difference = {{"rule", each.rule}, {"till", each.till}, {"hq", each.hq}};
            if (each.line) {
                const BookedLine& line = sale.lines[each.line - 1];
                difference["line"] = each.line;
                difference["name"] = line.name;
                if (!line.code.empty()) difference["code"] = line.code;
            }
            json["differences"].push_back(std::move(difference));
        }
        const auto correct = [&](const std::string& customer, node::Points points, node::Money spend) {
            if (!customer.empty() && (!points.is_zero() || !spend.is_zero()))
                json["corrections"].push_back({{"customer", customer}, {"points", print(points)}, {"spend", print(spend)}});
        };
        correct(sale.customer, recomputed.points, recomputed.spend);
        if (sale.referral) correct(sale.referral->customer, recomputed.referrer.points, recomputed.referrer.spend);
        if (!sale.customer.empty()) json["customer"] = sale.customer;
        if (!sale.card.empty()) json["card"] = sale.card;
        return json;
    }

    Store& store_;
    const RecomputeOptions& options_;
    Past past_;
    Watch watch_;
    std::optional<std::int64_t> room_;  ///< of the node at hand: how many more may be raised
    RecomputeProgress progress_;
};

std::vector<NodeRecord> nodes_to_look_at(Store& store, std::optional<std::int64_t> only) {
    std::vector<NodeRecord> list;
    for (NodeRecord& node : store.nodes()) {
        if (node.node == node::hq_node || (only && node.id != *only)) continue;
        for (const ChainRecord& chain : store.chains(node.id))
            if (looked_at(store, chain) < chain.held) {
                list.push_back(std::move(node));
                break;
            }
    }
    return list;
}

/// What no branch can sell by any more.
std::int64_t oldest_state(Store& store, std::int64_t hq_epoch) {
    std::int64_t oldest = store.version();
    for (const NodeRecord& node : store.nodes())
        if (node.node != node::hq_node && (node.key || store.invitation(node.id)))
            oldest = std::min(oldest, node.cursor.hq_epoch == hq_epoch ? node.cursor.version : 0);
    return oldest;
}

}  // namespace

RecomputeProgress recompute_sales(Store& store, const RecomputeOptions& options, node::Instant now) {
    const std::vector<NodeRecord> nodes = nodes_to_look_at(store, options.node);
    if (nodes.empty()) return {};
    StoreTransaction transaction(store);
    Recomputing recomputing(store, options, now);
    RecomputeProgress progress;
    for (const NodeRecord& node : nodes) {
        recomputing.run(node);
        progress = recomputing.finished();
        if (progress.facts >= options.most) break;
    }
    progress.left = progress.left || (progress.facts >= options.most && nodes_to_look_at(store, options.node).size() > 0);
    // All branches are looked through for this, so only where there is something to forget.
    if (!progress.left && store.holds_former() && nodes_to_look_at(store, {}).empty()) store.forget_former(oldest_state(store, options.hq_epoch));
    transaction.commit();
    return progress;
}

std::int64_t facts_not_recomputed(Store& store) {
    std::int64_t facts = 0;
    for (const NodeRecord& node : store.nodes())
        if (node.node != node::hq_node)
            for (const ChainRecord& chain : store.chains(node.id)) facts += chain.held - looked_at(store, chain);
    return facts;
}

}  // namespace paprsek::hq
