// Users kept at headquarters (T11, C2): who works where, how they stand beside a branch's own, and who is gone is locked out.
#include "hq/users.h"

#include "node/base/error.h"
#include "node/hq_users.h"
#include "node/state_digest.h"
#include "node/till.h"
#include "tests/hq/tills.h"

using namespace paprsek;
using test::Tills;

namespace {

hq::UserChange user(const std::string& name, const std::string& role, const std::string& pin, std::vector<int> branches = {}) {
    hq::UserChange change;
    change.name = name;
    change.add = true;
    change.role = role;
    change.pin = pin;
    change.branches = std::move(branches);
    return change;
}

hq::UserRecord set(Tills& chain, const hq::UserChange& change) { return chain.hq->change_user(change, node::least_pin_cost); }

/// The sentence, or "" where it went well.
std::string why_not(Tills& chain, const hq::UserChange& change) {
    const auto before = chain.hq->version();
    try {
        set(chain, change);
    } catch (const node::Error& error) {
        CHECK(error.exit() == node::Exit::refused);
        CHECK(chain.hq->version() == before);
        return error.what();
    }
    return {};
}

std::string names(Tills& chain, const std::string& till) {
    std::string text;
    for (const node::User& each : node::all_users(chain.nodes.at(till)->database()))
        text += (text.empty() ? "" : " ") + each.name + "/" + each.role + (node::is_kept_at_hq(each) ? "*" : "");
    return text;
}

/// Who is logged in by it, or the refusal.
std::string logged_in(Tills& chain, const std::string& till, const node::Credential& credential) {
    chain.clock.set({chain.clock.now().ms + 3'600'000});
    node::Till session(*chain.nodes.at(till), node::Keep::at_payment, node::least_pin_cost);
    const auto outcome = session.log_in_cashier(credential);
    return outcome.ok() ? session.view().cashier : std::string(print(outcome.refusal));
}

node::Outcome change_here(Tills& chain, const std::string& till, const node::UserChange& change) {
    node::Till session(*chain.nodes.at(till), node::Keep::at_payment, node::least_pin_cost);
    session.set_cashier("");
    node::User changed;
    return session.change_user(change, changed);
}

node::UserChange here(const std::string& name, const std::string& role, const std::string& pin) {
    node::UserChange change;
    change.name = name;
    change.add = true;
    change.role = role;
    change.pin = pin;
    return change;
}

}  // namespace

TEST_CASE("users of HQ go to the branches where they work, change there and are locked out there, with the next exchange") {
    Tills chain;
    chain.all_exchange();
    set(chain, user("Ana", "administrator", "1111"));
    set(chain, user("Dana", "manager", "2222", {5, 3, 5}));
    set(chain, user("Emil", "cashier", "3333", {5}));
    CHECK(names(chain, "3.1").empty());
    CHECK(logged_in(chain, "3.1", {"1111", "", ""}) == "wrong_pin");
    chain.all_exchange();
    CHECK(names(chain, "3.1") == "Ana/administrator* Dana/manager*");
    CHECK(names(chain, "3.2") == names(chain, "3.1"));
    CHECK(names(chain, "5.1") == "Ana/administrator* Dana/manager* Emil/cashier*");
    CHECK(logged_in(chain, "3.1", {"2222", "", ""}) == "Dana");
    CHECK(logged_in(chain, "3.1", {"3333", "", ""}) == "wrong_pin");
    CHECK(logged_in(chain, "5.1", {"3333", "", "emil"}) == "Emil");

    // In the middle of a shift.
    node::Till session(*chain.nodes.at("5.1"), node::Keep::at_payment, node::least_pin_cost);
    REQUIRE(session.log_in_cashier({"3333", "", ""}).ok());
    REQUIRE(session.scan("A").ok());
    hq::UserChange change;
    change.name = "Emil";
    change.branches = {3};
    set(chain, change);
    node::Booked booked;
    CHECK(session.scan("A").ok());
    chain.all_exchange();
    CHECK(print(session.pay({}, booked).refusal) == "not_logged_in");
    CHECK(logged_in(chain, "5.1", {"3333", "", ""}) == "wrong_pin");
    CHECK(logged_in(chain, "3.2", {"3333", "", ""}) == "Emil");
    change = {};
    change.name = "emil";
    change.remove = true;
    CHECK(set(chain, change).removed);
    chain.all_exchange();
    CHECK(names(chain, "3.2") == "Ana/administrator* Dana/manager*");
    CHECK(chain.hq->users().size() == 2);
    chain.check_well();
}

TEST_CASE("PINs lie beside HQ's chain as hashes, and a former one is forgotten") {
    Tills chain;
    const auto before = set(chain, user("Ana", "administrator", "1111"));
    hq::UserChange change;
    change.name = "Ana";
    change.pin = "4444";
    const auto after = set(chain, change);
    CHECK(before.pin != after.pin);
    node::Database database(chain.folder.file("hq") + "/hq.db", {.create = false, .read_only = true, .vfs = nullptr});
    CHECK(database.integer("SELECT count(*) FROM fact WHERE kind = 'user.set'") == 2);
    CHECK(database.integer("SELECT count(*) FROM fact WHERE instr(body, 'argon') OR instr(body, 'Ana')") == 0);
    CHECK(database.integer("SELECT count(*) FROM personal WHERE instr(body, 'argon2id')") == 1);
    chain.all_exchange();
    CHECK(logged_in(chain, "5.1", {"1111", "", ""}) == "wrong_pin");
    CHECK(logged_in(chain, "5.1", {"4444", "", ""}) == "Ana");
    // The digest that all branches share knows nothing of rows that are not for all.
    CHECK(chain.hq->state_digest().second == node::stored_state_digest(chain.nodes.at("3.1")->database()));
    chain.check_well();
}

TEST_CASE("a branch's own users beside those of HQ: one name, one badge, one PIN") {
    Tills chain;
    chain.all_exchange();
    REQUIRE(change_here(chain, "3.1", here("Ana", "administrator", "5555")).ok());
    REQUIRE(change_here(chain, "3.1", here("Carl", "cashier", "2222")).ok());
    node::UserChange badge;
    badge.name = "Carl";
    badge.badge = "9000000000001";
    REQUIRE(change_here(chain, "3.1", badge).ok());
    CHECK(names(chain, "3.1") == "Ana/administrator Carl/cashier");
    set(chain, user("ANA", "cashier", "1111"));
    hq::UserChange dana = user("Dana", "manager", "2222");
    dana.badge = "9000000000001";
    set(chain, dana);
    chain.all_exchange();

    CHECK(names(chain, "3.1") == "ANA/cashier* Carl/cashier Dana/manager*");
    const auto hidden = node::hidden_users(chain.nodes.at("3.1")->database());
    REQUIRE(hidden.size() == 1);
    CHECK(hidden[0].role == "administrator");
    CHECK(logged_in(chain, "3.1", {"5555", "", ""}) == "wrong_pin");
    CHECK(logged_in(chain, "3.1", {"1111", "", "Ana"}) == "ANA");
    CHECK(logged_in(chain, "3.1", {"", "9000000000001", ""}) == "Dana");
    // The same PIN: the name decides.
    CHECK(logged_in(chain, "3.1", {"2222", "", ""}) == "pin_taken");
    CHECK(logged_in(chain, "3.1", {"2222", "", "Carl"}) == "Carl");
    CHECK(logged_in(chain, "3.1", {"2222", "", "Dana"}) == "Dana");
    CHECK(logged_in(chain, "5.1", {"2222", "", ""}) == "Dana");

    // Who is kept at HQ is changed there; names and PINs of theirs are taken here.
    node::UserChange pin;
    pin.name = "Dana";
    pin.pin = "7777";
    const auto refused = change_here(chain, "3.1", pin);
    CHECK(print(refused.refusal) == "kept_at_hq");
    CHECK(refused.message == "Dana is kept at headquarters: change it there (paprsek-hq users).");
    CHECK(print(change_here(chain, "3.1", here("dana", "cashier", "8888")).refusal) == "name_taken");
    CHECK(print(change_here(chain, "3.1", here("Finn", "cashier", "1111")).refusal) == "pin_taken");
    node::UserChange remove;
    remove.name = "Dana";
    remove.remove = true;
    CHECK(print(change_here(chain, "3.1", remove).refusal) == "kept_at_hq");

    // The branch's Ana gets another name and is back.
    node::UserChange rename;
    rename.name = "Ana";
    rename.rename = "Ana B.";
    REQUIRE(change_here(chain, "3.1", rename).ok());
    CHECK(names(chain, "3.1") == "ANA/cashier* Ana B./administrator Carl/cashier Dana/manager*");
    CHECK(logged_in(chain, "3.1", {"5555", "", ""}) == "Ana B.");
    chain.all_exchange();
    chain.check_well();
}

TEST_CASE("what HQ refuses of a user, in a sentence, and nothing is changed") {
    Tills chain;
    set(chain, user("Ana", "administrator", "1111"));
    CHECK(why_not(chain, user("ána", "cashier", "2222")) == "user ána: exists already (names are compared without case and marks)");
    CHECK(why_not(chain, user(" ", "cashier", "2222")).find("name: is empty") == 0);
    CHECK(why_not(chain, user("Bob", "pilot", "2222")).find("role pilot: is none of the policy's") == 0);
    CHECK(why_not(chain, user("Bob", "cashier", "1111")) == "PIN: is taken (choose another one)");
    CHECK(why_not(chain, user("Bob", "cashier", "12a4")) == "PIN: is none (a PIN has 4 to 12 digits)");
    CHECK(why_not(chain, user("Bob", "cashier", "")).find("user Bob: has neither a PIN nor a badge") == 0);
    CHECK(why_not(chain, user("Bob", "cashier", "2222", {4})).find("branch 4: is not known at this HQ") == 0);
    hq::UserChange change = user("Bob", "cashier", "2222");
    change.badge = "2900000000018";
    CHECK(why_not(chain, change) == "badge 2900000000018: is a product's or a customer's code");
    change.badge = "17";
    CHECK(why_not(chain, change).find("badge 17: is none") == 0);
    change = {};
    change.name = "Nobody";
    change.remove = true;
    CHECK(why_not(chain, change).find("user Nobody: is not known at this HQ") == 0);
    CHECK(chain.hq->users().size() == 1);
    chain.check_well();
}
