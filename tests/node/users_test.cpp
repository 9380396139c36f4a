// Users: PIN and badge, what each may do, a second person's approval, delays after wrong PINs (T11).
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "node/receipts.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::money;

namespace {

constexpr std::int64_t second = 1000, minute = 60'000;

/// A shop with Alice (administrator, 1111), Mark (manager, 2222, a badge) and Carl (cashier, 3333), and its window.
struct Staffed : test::Shop {
    Till till{node(), Keep::every_command, least_pin_cost};
    Booked booked;

    Staffed() {
        catalogue("code,name,price,vat\nA,Bread,10.00,A\n");
        add("Alice", "administrator", "1111");
        till.log_in_cashier({"1111", "", ""});
        add("Mark", "manager", "2222", "9000000000001");
        add("Carl", "cashier", "3333");
        till.log_out_cashier();
    }
    Refusal add(const std::string& name, const std::string& role, const std::string& pin, const std::string& badge = "") {
        UserChange change;
        change.name = name;
        change.add = true;
        change.role = role;
        if (!pin.empty()) change.pin = pin;
        if (!badge.empty()) change.badge = badge;
        return apply(change);
    }
    Refusal apply(const UserChange& change) {
        User user;
        return till.change_user(change, user).refusal;
    }
    Refusal pin(const std::string& digits) { return till.log_in_cashier({digits, "", ""}).refusal; }
    Refusal badge(const std::string& code) { return till.log_in_cashier({"", code, ""}).refusal; }
    void wait(std::int64_t ms) { clock().set({clock().now().ms + ms}); }
    std::string faults() {
        std::string text;
        for (const std::string& fault : verify().faults) text += fault + "\n";
        return text;
    }
};

UserChange of(const std::string& name) {
    UserChange change;
    change.name = name;
    return change;
}

}  // namespace

TEST_CASE("every permission has a name that is read again, and roles are made of them") {
    std::size_t count = 0;
    for (const PermissionEntry& entry : permission_table()) {
        CHECK(parse_permission(entry.name) == entry.permission);
        CHECK(print(entry.permission) == entry.name);
        CHECK(!entry.act.empty());
        ++count;
    }
    CHECK(count == static_cast<std::size_t>(Permission::reset_balances) + 1);
    CHECK(!parse_permission("fly"));
    const auto roles = default_roles();
    CHECK(roles[0].name == administrator_role);
    CHECK(roles[0].may == Permissions::all());
    CHECK(roles[1].may.has(Permission::approve_difference));
    CHECK(!roles[1].may.has(Permission::manage_users));
    CHECK(!roles[1].may.has(Permission::reset_balances));
    CHECK(roles[2].may.has(Permission::sell));
    CHECK(!roles[2].may.has(Permission::change_price));
}

TEST_CASE("a PIN is kept as Argon2id, and nothing else fits") {
    test::SeededRandom random(7);
    const std::string hash = hash_pin("1234", least_pin_cost, random), again = hash_pin("1234", least_pin_cost, random);
    CHECK(hash.starts_with("argon2id,1,8192,"));
    CHECK(hash != again);  // salted
    CHECK(hash.find("1234") == std::string::npos);
    CHECK(pin_fits("1234", hash));
    CHECK(pin_fits("1234", again));
    for (const char* wrong : {"1235", "01234", "", "12345"}) CHECK(!pin_fits(wrong, hash));
    const std::string rest = hash.substr(15);  // ",SALT,HASH"
    for (const std::string& broken :
         {std::string(), std::string("argon2id"), "argon2i" + hash.substr(8), hash.substr(0, hash.size() - 1), hash + "0", hash + ",1",
          "argon2id,1,99999999999" + rest, "argon2id,0,8192" + rest, "argon2id,17,8192" + rest}) {
        CAPTURE(broken);
        CHECK(!pin_fits("1234", broken));
    }
    for (const char* good : {"0000", "123456789012"}) CHECK(is_pin(good));
    for (const char* bad : {"", "123", "1234567890123", "12a4", " 1234"}) CHECK(!is_pin(bad));
}

TEST_CASE("two wrong PINs are free, then the wait doubles up to five minutes, and is forgotten after fifteen") {
    PinAttempts attempts;
    Instant now{1'000'000};
    std::vector<std::int64_t> waits;
    for (int i = 0; i < 14; ++i) {
        attempts = one_more(attempts, now);
        waits.push_back(pin_wait_ms(attempts, now));
        now.ms += waits.back();
        CHECK(pin_wait_ms(attempts, now) == 0);
    }
    CHECK(waits == std::vector<std::int64_t>{0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, 300000, 300000, 300000});
    CHECK(pin_wait_ms(attempts, {attempts.last.ms - 1}) == 300000);  // a clock that went back does not shorten it
    attempts = one_more(attempts, {now.ms + 15 * minute});
    CHECK(attempts.failures == 1);
}

TEST_CASE("until there is a user everybody may do everything, and the first one is an administrator") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,10.00,A\n");
    Till till(shop.node(), Keep::every_command, least_pin_cost);
    CHECK(!till.view().staff.guarded);
    CHECK(till.scan("A").ok());
    CHECK(till.set_price(0, money("1.00")).ok());
    User user;
    UserChange change = of("Eva");
    change.add = true;
    CHECK(till.change_user(change, user).refusal == Refusal::bad_pin);  // nobody could log in
    change.pin = "1234";
    change.role = "cashier";
    CHECK(till.change_user(change, user).refusal == Refusal::first_is_administrator);
    change.role.reset();
    CHECK(till.change_user(change, user).ok());
    CHECK(user.role == administrator_role);
    CHECK(till.view().staff.guarded);
    CHECK(till.scan("A").refusal == Refusal::not_logged_in);
    CHECK(till.pay({}, *std::make_unique<Booked>()).refusal == Refusal::not_logged_in);
    CHECK(till.enter("1234").ok());  // the till's one field takes the PIN
    CHECK(till.view().cashier == "Eva");
    CHECK(till.scan("A").ok());
    CHECK(till.view().lines.size() == 2);
    CHECK(shop.verify().ok());
}

TEST_CASE("scripts go on with any cashier's name and all permissions") {
    Staffed shop;
    const Json answer = shop.play("{'cashier':'Carl','lines':[{'code':'A','price':'1.00','discount':'50'}]}");
    CHECK(answer["total"] == "1.00");
    CHECK(shop.refusal("{'cashier':'nobody','close_day':{'counted':'5'}}") == "");
    CHECK(shop.refusal("{'lines':[{'code':'A'}]}") == "");
}

TEST_CASE("a script line may log a user in and bring a second person's approval") {
    Staffed shop;
    const std::string line = "{'user':{'pin':'3333'},'lines':[{'code':'A','price':'8.00','discount':'50'},{'code':'A','discount':'10'}]";
    const Json refused = shop.play(line + "}");
    CHECK(refused["refused"] == "not_permitted");
    CHECK(refused["permission"] == "change_price");
    CHECK(refused["message"] == "Changing a price is not allowed to Carl (change_price): a second person may approve it.");
    CHECK(shop.refusal(line + ",'approval':{'pin':'3333'}}") == "approver_not_permitted");
    const Json booked = shop.play(line + ",'approval':{'badge':'9000000000001'}}");
    CHECK(booked["total"] == "13.00");
    const auto receipt = receipt_by_number(shop.database(), {3, 1}, 1);
    REQUIRE(receipt);
    CHECK(receipt->fact.cashier == "Carl");
    CHECK(receipt->fact.approvals == std::vector<Approval>{{"Mark", "change_price"}, {"Mark", "discount"}, {"Mark", "discount"}});
    CHECK(shop.refusal("{'user':{'pin':'3333'},'cash':{'out':'1','reason':'x'}}") == "not_permitted");
    CHECK(shop.refusal("{'user':{'pin':'3333'},'cash':{'in':'1','reason':'x'}}") == "");
    CHECK(shop.refusal("{'user':{'pin':'3333'},'approval':{'pin':'2222'},'close_day':{}}") == "");
    CHECK(shop.refusal("{'user':{'pin':'9999'},'lines':[{'code':'A'}]}") == "wrong_pin");
    CHECK(shop.refusal("{'user':{},'lines':[{'code':'A'}]}") == "bad_line");
    CHECK(shop.faults() == "");
}

TEST_CASE("what a cashier may not do is refused by name, and can be repeated with an approval that is booked") {
    Staffed shop;
    Till& till = shop.till;
    REQUIRE(shop.pin("3333") == Refusal::none);
    CHECK(till.view().staff.role == "cashier");
    CHECK(till.view().staff.may.has(Permission::sell));
    CHECK(!till.view().staff.may.has(Permission::discount));
    REQUIRE(till.scan("A").ok());
    const Outcome outcome = till.set_discount(0, test::rate("10"));
    CHECK(outcome.refusal == Refusal::not_permitted);
    CHECK(outcome.permission == Permission::discount);
    CHECK(till.approve({"3333", "", ""}, Permission::discount).refusal == Refusal::approver_not_permitted);
    CHECK(till.approve({"2222", "", ""}, Permission::discount).ok());
    CHECK(till.view().cashier == "Carl");  // the cashier stays
    CHECK(till.set_price(0, money("1.00")).refusal == Refusal::not_permitted);  // that was not lent
    CHECK(till.set_discount(7, test::rate("10")).refusal == Refusal::no_such_line);
    CHECK(till.set_discount(0, test::rate("10")).ok());
    CHECK(till.set_discount(0, test::rate("20")).refusal == Refusal::not_permitted);  // once is once
    CHECK(till.set_discount(0, test::rate("0")).ok());  // to take it away needs nobody
    CHECK(till.view().discount == Money{});
    // What was lent lies on disk with the open receipt.
    Till after(shop.node(), Keep::every_command, least_pin_cost);
    CHECK(after.pay({}, shop.booked).refusal == Refusal::not_logged_in);
    REQUIRE(after.log_in_cashier({"", "9000000000001", ""}).ok());
    REQUIRE(after.pay({}, shop.booked).ok());
    CHECK(shop.booked.fact.cashier == "Mark");
    CHECK(shop.booked.fact.approvals == std::vector<Approval>{{"Mark", "discount"}});
    CHECK(shop.faults() == "");
}

TEST_CASE("a code that nobody knows may be priced or struck out without a permission") {
    Staffed shop;
    REQUIRE(shop.pin("3333") == Refusal::none);
    CHECK(shop.till.scan("nobody knows").refusal == Refusal::unknown_code);
    CHECK(shop.till.set_price(0, money("3.00")).ok());
    CHECK(shop.till.set_price(0, money("2.00")).refusal == Refusal::not_permitted);
}

TEST_CASE("lock, take over, log out") {
    Staffed shop;
    Till& till = shop.till;
    CHECK(till.lock().refusal == Refusal::not_logged_in);
    REQUIRE(shop.pin("3333") == Refusal::none);
    REQUIRE(till.scan("A").ok());
    CHECK(till.lock().ok());
    CHECK(till.view().staff.locked);
    CHECK(till.scan("A").refusal == Refusal::locked);
    CHECK(till.demand(Permission::sell).refusal == Refusal::locked);
    CHECK(till.view().lines.size() == 1);
    CHECK(till.scan("9000000000001").ok());  // a badge on the scanner
    CHECK(till.view().cashier == "Mark");
    CHECK(till.view().lines.size() == 1);
    CHECK(till.demand(Permission::close_day).ok());
    CHECK(till.demand(Permission::manage_users).refusal == Refusal::not_permitted);
    CHECK(till.log_out_cashier().ok());
    CHECK(till.view().cashier.empty());
    CHECK(till.void_receipt().refusal == Refusal::not_logged_in);
    CHECK(shop.badge("1234567") == Refusal::unknown_badge);
}

TEST_CASE("wrong PINs make the next one wait, also after a restart and on a clock that went back") {
    Staffed shop;
    for (int i = 0; i < 3; ++i) CHECK(shop.pin("9999") == Refusal::wrong_pin);
    CHECK(shop.pin("3333") == Refusal::pin_wait);
    CHECK(shop.badge("9000000000001") == Refusal::none);
    {
        Till restarted(shop.node(), Keep::every_command, least_pin_cost);
        CHECK(restarted.log_in_cashier({"3333", "", ""}).refusal == Refusal::pin_wait);
    }
    shop.wait(second);
    CHECK(shop.pin("3333") == Refusal::none);
    CHECK(shop.pin("9999") == Refusal::wrong_pin);  // a right one forgives nothing
    CHECK(shop.till.approve({"2222", "", ""}, Permission::discount).refusal == Refusal::pin_wait);
    shop.wait(-3600 * second);
    CHECK(shop.pin("3333") == Refusal::pin_wait);
    shop.wait(2 * second);
    CHECK(shop.pin("3333") == Refusal::none);
    shop.wait(15 * minute);
    for (int i = 0; i < 2; ++i) CHECK(shop.pin("9999") == Refusal::wrong_pin);
    CHECK(shop.pin("3333") == Refusal::none);
    CHECK(shop.till.log_in_cashier({"3333", "", "Mark"}).refusal == Refusal::wrong_pin);
    CHECK(shop.till.log_in_cashier({"3333", "", "Nobody"}).refusal == Refusal::unknown_user);
}

TEST_CASE("users change by those who may, and what is wrong is named") {
    Staffed shop;
    REQUIRE(shop.pin("2222") == Refusal::none);
    CHECK(shop.add("Dan", "cashier", "4444") == Refusal::not_permitted);
    CHECK(shop.till.approve({"1111", "", ""}, Permission::manage_users).ok());
    CHECK(shop.add("Dan", "cashier", "4444") == Refusal::none);
    const auto fact = shop.node().ledger().fact(shop.facts());
    CHECK(parse_user(fact->body).cashier == "Mark");
    CHECK(parse_user(fact->body).approvals == std::vector<Approval>{{"Alice", "manage_users"}});
    UserChange own = of("Mark");
    own.pin = "5555";
    CHECK(shop.apply(own) == Refusal::none);  // everybody's own PIN
    CHECK(shop.pin("2222") == Refusal::wrong_pin);

    REQUIRE(shop.pin("1111") == Refusal::none);
    CHECK(shop.add("Dan", "cashier", "6666") == Refusal::name_taken);
    CHECK(shop.add("dán", "cashier", "6666") == Refusal::name_taken);
    CHECK(shop.add("", "cashier", "6666") == Refusal::bad_user_name);
    CHECK(shop.add("Eva", "king", "6666") == Refusal::unknown_role);
    CHECK(shop.add("Eva", "cashier", "66") == Refusal::bad_pin);
    CHECK(shop.add("Eva", "cashier", "4444") == Refusal::pin_taken);
    CHECK(shop.add("Eva", "cashier", "", "9000000000001") == Refusal::badge_taken);
    CHECK(shop.add("Eva", "cashier", "", "A") == Refusal::badge_taken);
    CHECK(shop.add("Eva", "cashier", "", "12") == Refusal::bad_badge);
    CHECK(shop.apply(of("Nobody")) == Refusal::unknown_user);
    UserChange change = of("Alice");
    change.role = "manager";
    CHECK(shop.apply(change) == Refusal::last_administrator);
    change = of("Alice");
    change.remove = true;
    CHECK(shop.apply(change) == Refusal::last_administrator);
    change = of("Carl");
    change.rename = "Karel";
    CHECK(shop.apply(change) == Refusal::none);
    change = of("Dan");
    change.remove = true;
    CHECK(shop.apply(change) == Refusal::none);
    CHECK(shop.pin("4444") == Refusal::wrong_pin);
    std::string names;
    for (const User& user : all_users(shop.database())) names += user.name + " ";
    CHECK(names == "Alice Karel Mark ");
    CHECK(shop.faults() == "");
}

TEST_CASE("who is removed while logged in does nothing more") {
    Staffed shop;
    REQUIRE(shop.pin("3333") == Refusal::none);
    Till office(shop.node(), Keep::at_payment, least_pin_cost);
    REQUIRE(office.log_in_cashier({"1111", "", ""}).ok());
    UserChange change = of("Carl");
    change.role = "manager";
    User user;
    REQUIRE(office.change_user(change, user).ok());
    REQUIRE(shop.till.scan("A").ok());
    CHECK(shop.till.set_discount(0, test::rate("5")).ok());
    change = of("Carl");
    change.remove = true;
    REQUIRE(office.change_user(change, user).ok());
    CHECK(shop.till.pay({}, shop.booked).refusal == Refusal::not_logged_in);
}

TEST_CASE("neither PIN nor hash, name nor badge is in a fact; a PIN that was changed is forgotten") {
    Staffed shop;
    const auto hashes = shop.database().integer("SELECT count(*) FROM personal");
    REQUIRE(shop.pin("3333") == Refusal::none);
    UserChange own = of("Carl");
    own.pin = "8765";
    CHECK(shop.apply(own) == Refusal::none);
    CHECK(shop.database().integer("SELECT count(*) FROM personal") == hashes);
    shop.node().ledger().read(1, INT64_MAX, [&](const schema::Fact& fact) {
        if (fact.kind != schema::kind::user_set) return true;
        for (const char* secret : {"argon2id", "8765", "3333", "9000000000001", "\"Mark\""}) CHECK(fact.body.find(secret) == std::string::npos);
        return true;
    });
    CHECK(shop.faults() == "");
    shop.database().execute("UPDATE user SET role = 'administrator' WHERE name = 'Carl'");
    CHECK(shop.faults().starts_with("user: holds"));
}

TEST_CASE("a product scanned where nobody is logged in is no wrong PIN") {
    Staffed shop;
    for (int i = 0; i < 5; ++i) CHECK(shop.till.enter("40170725").refusal == Refusal::not_logged_in);
    CHECK(shop.till.enter("9999").refusal == Refusal::wrong_pin);
    CHECK(shop.till.enter("3333").ok());
}

TEST_CASE("who was sent away in a lost epoch does not come back with an old backup") {
    Staffed shop;
    const auto carl = user_by_name(shop.database(), "Carl");
    REQUIRE(carl);
    UserFact gone;
    gone.user = carl->id;
    gone.role = carl->role;
    gone.removed = true;
    Transaction transaction(shop.database());
    const std::int64_t now = shop.clock().now().ms;
    project_recovered(shop.database(), {9, now - 1, std::string(schema::kind::user_set), body_of(gone), {}}, 1, 1);
    CHECK(user_by_name(shop.database(), "Carl"));  // an older word than the ledger's own
    project_recovered(shop.database(), {10, now + 1, std::string(schema::kind::user_set), body_of(gone), {}}, 1, 2);
    CHECK(!user_by_name(shop.database(), "Carl"));
    transaction.commit();
    CHECK(shop.pin("3333") == Refusal::wrong_pin);
}

TEST_CASE("roles are the policy's: a chain names its own, the administrator always may everything") {
    Staffed shop;
    shop.policy(R"({"roles":[{"name":"cashier","may":["sell","discount"]},{"name":"clerk","may":[]}]})");
    REQUIRE(shop.pin("3333") == Refusal::none);
    REQUIRE(shop.till.scan("A").ok());
    CHECK(shop.till.set_discount(0, test::rate("5")).ok());
    CHECK(shop.till.void_line(0).refusal == Refusal::not_permitted);
    CHECK(shop.pin("2222") == Refusal::none);  // the policy names no managers any more
    CHECK(shop.till.scan("A").refusal == Refusal::not_permitted);
    CHECK(shop.pin("1111") == Refusal::none);
    CHECK(shop.till.void_receipt().ok());
    const auto refuses = [&](const char* json, const std::string& says) {
        try {
            shop.policy(json);
            return false;
        } catch (const Error& error) {
            CAPTURE(std::string(error.what()));
            return std::string(error.what()).find(says) != std::string::npos;
        }
    };
    CHECK(refuses(R"({"roles":[{"name":"x","may":["fly"]}]})", "names the permission \"fly\""));
    CHECK(refuses(R"({"roles":[{"name":"x","may":[]},{"name":"x","may":[]}]})", "stands twice"));
    CHECK(refuses(R"({"roles":[{"name":"administrator","may":["sell"]}]})", "administrator"));
    CHECK(refuses(R"({"roles":[{"name":" x","may":[]}]})", "name"));
    const auto printed = parse_policy(policy_json(shop.node().policy()), "CZK", "again");
    CHECK(printed.roles.size() == 3);
    CHECK(printed.roles[1].may == shop.node().policy().roles[1].may);
}

TEST_CASE("a session on another thread begins with the till's hands, and what is left of them comes back") {
    Staffed shop;
    REQUIRE(shop.pin("3333") == Refusal::none);
    const auto other = Node::open(shop.node_folder(), shop.clock(), system_random());
    // Carl may not close the day, and says so there too; Alice says yes to it there.
    Till beside(*other, Keep::at_payment, least_pin_cost);
    beside.take_hands(shop.till.hands());
    CHECK(beside.view().cashier == "Carl");
    CHECK(beside.view().staff.role == "cashier");
    Till::Closed closed;
    const Outcome refused = beside.close_day({}, closed);
    CHECK(refused.refusal == Refusal::not_permitted);
    CHECK(refused.permission == Permission::close_day);
    CHECK(beside.approve({"1111", "", ""}, Permission::close_day).ok());
    CHECK(shop.till.hands() != beside.hands());
    shop.till.take_hands(beside.hands());
    // What was lent is the till's now, and is booked and used up by whichever session does it.
    Till again(*other, Keep::at_payment, least_pin_cost);
    again.take_hands(shop.till.hands());
    CHECK(again.close_day({}, closed).ok());
    CHECK(closed.approvals == std::vector<Approval>{{"Alice", "close_day"}});
    shop.till.take_hands(again.hands());
    CHECK(shop.till.close_day({}, closed).refusal == Refusal::not_permitted);
    // Who logs in there is at the till; a lock goes over as well.
    CHECK(beside.log_in_cashier({"1111", "", ""}).ok());
    shop.till.take_hands(beside.hands());
    CHECK(shop.till.view().cashier == "Alice");
    CHECK(shop.till.lock().ok());
    beside.take_hands(shop.till.hands());
    CHECK(beside.close_day({}, closed).refusal == Refusal::locked);
    CHECK(shop.faults() == "");
}
