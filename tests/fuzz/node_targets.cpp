// What people and programs hand to a branch: facts, policies, tables, scripts.
#include <cassert>
#include <sstream>

#include "node/facts.h"
#include "node/imports.h"
#include "node/policy.h"
#include "node/ledger.h"
#include "node/row_faults.h"
#include "node/script.h"
#include "tests/fuzz/chain.h"
#include "tests/fuzz/targets.h"

namespace paprsek::fuzz {
namespace {

/// Sums beyond a number's range are refused where they are added up: by the till, and at HQ as an exception.
template <class Call>
void may_overflow(Call call) {
    try {
        call();
    } catch (const node::Overflow&) {
    }
}

}  // namespace

// What is read is written as the same value again, and its movements add up or overflow.
void fact(std::string_view bytes) {
    if (bytes.empty()) return;
    const char kind = bytes[0];
    const std::string_view body = bytes.substr(1);
    may_refuse([&] {
        may_overflow([&] {
            switch (kind) {
                case 's':
                case 'r': {
                    const std::string_view name = kind == 's' ? "sale" : "refund";
                    const node::ReceiptFact receipt = node::parse_receipt(name, body);
                    const std::string again = node::body_of(receipt);
                    assert(node::body_of(node::parse_receipt(name, again)) == again);
                    node::movements_of(receipt);
                    receipt.vat();
                    break;
                }
                case 'c': {
                    const std::string again = node::body_of(node::parse_customer(body));
                    assert(node::body_of(node::parse_customer(again)) == again);
                    break;
                }
                case 'p': node::parse_personal(body); break;
                default: {
                    const node::ActFact act = node::parse_act(body);
                    const std::string again = node::body_of(act);
                    assert(node::body_of(node::parse_act(again)) == again);
                    for (const char* each : {"deposit", "settlement", "cash", "correction", "opening"}) node::movements_of(each, act);
                }
            }
        });
    });
}

// What is taken is printed with every key, and the print is the same policy.
void policy(std::string_view bytes) {
    may_refuse([&] {
        const std::string print = node::policy_json(node::parse_policy(bytes, "CZK", "policy"));
        assert(node::policy_json(node::parse_policy(print, "CZK", "policy")) == print);
    });
    may_refuse([&] { node::parse_policy(bytes, "CZK", "policy", 1, false); });
}

void csv(std::string_view bytes) {
    may_refuse([&] {
        const node::CsvTable table = node::parse_csv(std::string(bytes), "table.csv");
        node::RowFaults faults(table.name);
        switch (node::kind_of(table)) {
            case node::TableKind::groups: node::parse_groups(table, faults); break;
            case node::TableKind::products: node::parse_products(table, {"A", "B", "C"}, faults); break;
            case node::TableKind::prices: {
                // What a product took of them is read again as it was.
                node::ProductRow product;
                for (const node::ImportedPrice& price : node::parse_prices(table, faults)) node::take_price(product, price);
                const auto again = node::parse_listed_prices(product.prices);
                assert(again && node::print(*again) == product.prices);
                break;
            }
            case node::TableKind::customers: node::parse_customers(table, faults); break;
        }
        faults.done();
    });
}

// Every line gets an answer, and what was booked verifies.
void script(std::string_view bytes) {
    Chain& chain = Chain::get();
    node::Node& branch = chain.fresh_branch();
    std::size_t lines = 0, answers = 0;
    {
        node::Script played(branch, chain.clock());
        std::string line;
        for (std::istringstream in{std::string(bytes)}; lines < 20 && std::getline(in, line);) {
            if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
            ++lines;
            const auto answer = played.play(line, lines);
            assert(node::Json::accept(answer.json));
            ++answers;
        }
    }
    assert(lines == answers);
    const node::Verification verified = node::verify(branch.database(), {3, 1});
    assert(verified.ok());
}

}  // namespace paprsek::fuzz
