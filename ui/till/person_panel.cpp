// One customer's data (L4, A1, L12): made, changed, corrected, merged, forgotten. A card that is scanned here is added.
#include <algorithm>
#include <array>

#include "node/codes.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

struct Details {
    std::optional<node::CustomerRecord> record;
    std::string referrer;             ///< number or card
    std::vector<std::string> merged;  ///< ids that are one with the customer
    std::string expiring;             ///< the points that expire next, and when; empty where none do
};

class PersonPanel final : public Panel {
public:
    explicit PersonPanel(Desk& desk) : desk_(desk), subject_(desk.subject), card_(std::exchange(desk.new_card, {})), reading_(desk.background) {
        build();
        if (!desk_.subject.empty()) load();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !reading_.waiting(); }
    bool unsaved() const override { return form_.changed(); }
    std::string subject() const override { return subject_; }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] {
            changed = reading_.poll();
            if (changed) take_details();
        });
        return changed;
    }

    void returned() override {
        if (!desk_.subject.empty()) load();
    }

    bool key(const KeyPress& press) override {
        if (question_.key(press)) return true;
        if (press.is(GLFW_KEY_ESCAPE)) {
            leave();
            return true;
        }
        if (act_by_key(actions(), press)) return true;
        if ((press.key == GLFW_KEY_PAGE_UP || press.key == GLFW_KEY_PAGE_DOWN) && record()) {
            cards_.handle(press, static_cast<int>(record()->terms.cards.size()), 1);
            return true;
        }
        return form_.key(press);
    }

    bool scan(const std::string& text) override {
        form_.focus(add_card);
        form_.set_text(add_card, text.starts_with(';') ? text.substr(1) : text);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string title = record() ? title_of(*record()) : std::string(tr("New customer"));
        const std::string below = record()        ? line_of(desk_.words, *record())
                                  : demands_all() ? tr("This shop wants a name, a phone and an address")
                                                  : tr("A card alone, without a name, is a full customer");
        Rect inside = sheet(ui, area, {Icon::user, title, below, "Esc"}, closed);
        if (closed) leave();
        const Rect foot = inside.cut_bottom(46, space::m);
        if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, actions());
        Rect side = inside.cut_right(std::clamp(inside.w * 0.27F, 240.0F, 340.0F), space::l);
        form_.draw(ui, inside, 3, !question_.open());
        draw_side(ui, side);
    }

private:
    enum Field : std::size_t { name, number, phone, email, address, note, pays, limit, discount, dealer, referrer, add_card, field_count };

    const std::optional<node::CustomerRecord>& record() const {
        static const std::optional<node::CustomerRecord> nobody;
        return reading_.answered() ? reading_.result().record : nobody;
    }

    /// L3: of a new one.
    bool demands_all() const { return desk_.policy().demand_details && desk_.subject.empty(); }

    void build() {
        using Accepts = TextField::Accepts;
        const auto demanded = [&](const char* label) { return demands_all() ? fill_in(tr("{} (required)"), {label}) : std::string(label); };
        form_.add_text(demanded(tr("Name")));
        form_.add_text(tr("Number"), {.accepts = Accepts::code, .length_max = 4, .placeholder = desk_.status.hq_name ? "" : "1–9999"});
        form_.add_text(demanded(tr("Phone")));
        form_.add_text(tr("E-mail"));
        form_.add_text(demanded(tr("Address")));
        form_.add_text(tr("Note"));
        form_.add_choice(tr("Purchases are paid"), {tr("at once"), tr("on account")});
        form_.add_text(tr("The account's limit"),
                       {.accepts = Accepts::amount, .length_max = 14, .suffix = desk_.words.currency_sign(), .placeholder = tr("No limit")});
        form_.add_text(tr("Own discount"), {.accepts = Accepts::amount, .length_max = 8, .suffix = "%", .placeholder = "0"});
        form_.add_text(tr("Dealer category"), {.length_max = 40});
        form_.add_text(tr("Brought by (number or card)"), {.accepts = Accepts::code, .length_max = 60});
        form_.add_text(record() ? tr("Add a card") : tr("Card"), {.accepts = Accepts::code, .length_max = 120, .placeholder = tr("Scan it")}, "");
        form_.set_text(add_card, card_);
        form_.settle();
        form_.focus(name);
    }

    void load() {
        reading_.ask([id = desk_.subject](node::Node& branch) {
            Details details;
            details.record = node::customer_by_id(branch.database(), id);
            if (!details.record) return details;
            const node::Json json = node::customer_json(branch, *details.record);
            const node::Json& brought_by = json.at("referrer");
            details.referrer = brought_by.is_string() ? brought_by.get<std::string>() : brought_by.is_number() ? brought_by.dump() : std::string();
            details.merged = json.at("merged").get<std::vector<std::string>>();
            for (const node::Json& coming : json.value("expiring", node::Json::array())) {
                if (details.expiring.empty()) details.expiring = coming.at("points").get<std::string>() + "|" + coming.at("last_day").get<std::string>();
            }
            return details;
        });
    }

    /// What was being typed stays; the rest is as it stands in the ledger now.
    void take_details() {
        if (!record()) return;
        const node::CustomerRecord& customer = *record();
        const node::CustomerTerms& terms = customer.terms;
        const auto amount = [&](auto value) { return value.is_zero() ? std::string() : desk_.words.typed(value); };
        const std::array<std::string, field_count> texts{customer.texts.name,
                                                         customer.number ? std::to_string(*customer.number) : "",
                                                         customer.texts.phone,
                                                         customer.texts.email,
                                                         customer.texts.address,
                                                         customer.texts.note,
                                                         "",
                                                         amount(terms.limit),
                                                         amount(terms.discount),
                                                         terms.dealer,
                                                         reading_.result().referrer};
        const std::size_t at = form_.focused();
        const bool untouched = !filled_ || !form_.changed();
        for (std::size_t field = 0; field < add_card; ++field) {
            if (field != pays && untouched) form_.set_text(field, texts[field]);
        }
        if (untouched) form_.set_chosen(pays, terms.charge ? 1 : 0);
        if (untouched) form_.settle();
        form_.focus(at);
        filled_ = true;
        if (cards_.selected < 0 && !terms.cards.empty()) cards_.selected = 0;
    }

    std::vector<Action> actions() {
        const bool known = record().has_value();
        std::vector<Action> list;
        if (known) {
            const auto go = [this](PanelName panel) { return [this, panel] { desk_.open(panel); }; };
            list.push_back({tr("Correct"), Icon::pencil, GLFW_KEY_F3, go(PanelName::correction)});
            list.push_back({tr("Bought"), Icon::history, GLFW_KEY_F5, go(PanelName::purchases)});
            list.push_back({tr("Merge"), Icon::chain, GLFW_KEY_F11, go(PanelName::merge)});
            if (!reading_.result().merged.empty()) list.push_back({tr("Take apart"), Icon::undo, GLFW_KEY_T, [this] { ask_unmerge(); }, true});
            list.push_back({tr("Drop card"), Icon::ban, GLFW_KEY_D, [this] { ask_drop_card(); }, true, Tone::neutral, ButtonLook::outline,
                            !record()->terms.cards.empty()});
            list.push_back({tr("Forget"), Icon::trash, GLFW_KEY_E, [this] { ask_erase(); }, true, Tone::danger});
        }
        list.push_back({tr("Save"), Icon::check, GLFW_KEY_ENTER, [this] { save(); }, false, Tone::accent, ButtonLook::solid});
        return list;
    }

    void leave() {
        if (!form_.changed()) return desk_.back();
        question_.ask_leave([this] {
            form_.settle();
            desk_.back();
        });
    }

    void wrong(Field field, const char* sentence) {
        form_.focus(field);
        desk_.toasts.show(Tone::danger, Icon::exclamation, sentence);
    }

    void save() {
        node::CustomerChange change;
        if (record()) change.customer = record()->terms.id;
        const bool is_new = !record();
        const auto text = [&](Field field, std::optional<std::string>& value) {
            if (is_new ? !form_.text(field).empty() : form_.changed(field)) value = form_.text(field);
        };
        text(name, change.name);
        text(number, change.number);
        text(phone, change.phone);
        text(email, change.email);
        text(address, change.address);
        text(note, change.note);
        text(dealer, change.dealer);
        text(referrer, change.referrer);
        if (form_.changed(pays)) change.charge = form_.chosen(pays) == 1;
        if (form_.changed(limit)) {
            change.limit = form_.text(limit).empty() ? node::Money{} : Words::parse_typed<node::Money>(form_.text(limit));
            if (!change.limit) return wrong(limit, tr("The account's limit is not an amount."));
        }
        if (form_.changed(discount)) {
            change.discount = form_.text(discount).empty() ? node::Rate{} : Words::parse_typed<node::Rate>(form_.text(discount));
            if (!change.discount) return wrong(discount, tr("That is not a percentage."));
        }
        if (!form_.text(add_card).empty()) change.cards.push_back(form_.text(add_card));
        apply(change);
    }

    void apply(const node::CustomerChange& change) {
        const auto booked = std::make_shared<node::CustomerBooked>();
        desk_.act([this, change, booked] { return change_customer(desk_, change, *booked); }, [this, booked] { applied(*booked); });
    }

    void applied(const node::CustomerBooked& booked) {
        form_.settle();
        const std::string who = title_of(booked.customer);
        if (booked.added)
            desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("{} is registered"), {who}));
        else if (booked.seq != 0)
            desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("{} is saved"), {who}));
        else
            desk_.toasts.show(Tone::neutral, Icon::info_circle, tr("Nothing was changed."));
        if (booked.added && !card_.empty()) {
            // Somebody stands at the till with this card.
            if (desk_.act([&] { return desk_.till.log_in(card_); })) desk_.close();
            return;
        }
        desk_.subject = booked.customer.terms.id;
        desk_.back();
    }

    void ask_drop_card() {
        const auto& cards = record()->terms.cards;
        const auto row = static_cast<std::size_t>(std::clamp(cards_.selected, 0, static_cast<int>(cards.size()) - 1));
        const std::string card = cards[row];
        question_.ask(fill_in(tr("Take the card {} away? Whoever presents it is nobody from then on."), {card}), tr("Take it away"), Tone::danger,
                      [this, card] {
                          node::CustomerChange change;
                          change.customer = record()->terms.id;
                          change.drop_cards = {card};
                          book(tr("The card is taken away"), [this, change](node::CustomerBooked& booked) { return change_customer(desk_, change, booked); });
                      });
    }

    void ask_erase() {
        question_.ask(tr("Delete name, phone, e-mail, address and note for ever? Number, cards, balances and history stay."), tr("Forget the person"),
                      Tone::danger, [this] {
                          const std::string who = record()->terms.id;
                          book_beside(tr("Forgetting the person"), tr("The person is forgotten; balances stay"),
                                      [who](node::Node& branch, const node::Hand& hand, node::CustomerBooked& booked) {
                                          return node::erase_customer(branch, hand, who, booked);
                                      });
                      });
    }

    void ask_unmerge() {
        question_.ask(tr("Take the two that were merged apart again? What was bought since the merge stays here."), tr("Take apart"), Tone::warn, [this] {
            const std::string alias = reading_.result().merged.back();
            book_beside(tr("Taking two customers apart"), tr("They are two customers again"),
                        [alias](node::Node& branch, const node::Hand& hand, node::CustomerBooked& booked) {
                            return node::unmerge_customer(branch, hand, alias, booked);
                        });
        });
    }

    void book(const char* done, const std::function<node::Outcome(node::CustomerBooked&)>& act) {
        const auto command = [this, act] {
            node::CustomerBooked booked;
            node::Outcome outcome = act(booked);
            if (outcome.ok()) desk_.till.refresh();
            return outcome;
        };
        desk_.act(command, [this, done] {
            desk_.toasts.show(Tone::go, Icon::check, done);
            load_anew();
        });
    }

    /// What goes through all that a customer ever did.
    void book_beside(const char* doing, const char* done, std::function<node::Outcome(node::Node&, const node::Hand&, node::CustomerBooked&)> act) {
        const auto command = [act = std::move(act)](node::Till& session, node::Node& branch, Progress&) {
            node::Hand hand;
            if (auto outcome = hand_for(session, {node::Permission::manage_customers}, hand); !outcome.ok()) return outcome;
            node::CustomerBooked booked;
            return act(branch, hand, booked);
        };
        desk_.act_beside(doing, command, [&desk = desk_, done, show = alive_.only([this] { load_anew(); })] {
            desk.toasts.show(Tone::go, Icon::check, done);
            show();
        });
    }

    void load_anew() {
        filled_ = false;
        form_.settle();
        load();
    }

    void draw_side(Ui& ui, Rect side) {
        const Theme& t = ui.theme;
        ui.canvas.fill(side, t.sunken, radius::control);
        Rect inside = side.inset(space::m);
        if (!record()) {
            const char* const enough = demands_all() ? tr("Scan the card here, fill in what is required, and press Enter: the customer can buy at once.")
                                                     : tr("A number or a card is enough. Scan the card here and press Enter: the customer can buy at once.");
            ui.canvas.paragraph(inside, enough, Type::body, t.ink_soft);
            return;
        }
        const node::CustomerTerms& terms = record()->terms;
        const auto figure = [&](const char* label, const std::string& value, Color ink) {
            Rect row = inside.cut_top(28);
            ui.canvas.text(row, label, Type::caption, t.ink_soft);
            ui.canvas.number(row, value, Type::strong, ink);
        };
        figure(tr("Points"), desk_.words.points(terms.points), t.accent);
        figure(tr("Spend"), desk_.words.money(terms.spend), t.ink);
        figure(tr("Debt"), desk_.words.money(terms.debt), terms.debt.is_zero() ? t.ink_faint : t.warn);
        const std::string& expiring = reading_.result().expiring;
        if (const auto bar = expiring.find('|'); bar != std::string::npos) {
            const auto points = node::parse<node::Points>(expiring.substr(0, bar));
            const auto day = node::parse_date(expiring.substr(bar + 1));
            if (points && day)
                ui.canvas.text(inside.cut_top(24), fill_in(tr("{} points expire after {}"), {desk_.words.points(*points), desk_.words.date(*day)}),
                               Type::caption, t.warn);
        }
        for (const std::string& programme : terms.programmes)
            ui.canvas.text(inside.cut_top(22), fill_in(tr("Programme {}"), {programme}), Type::caption, t.ink_soft);
        inside.cut_top(space::s);
        ui.canvas.text(inside.cut_top(24, space::xs), tr("Cards (PgUp, PgDn)"), Type::caption_strong, t.ink_soft);
        list(ui, inside, cards_, static_cast<int>(terms.cards.size()), {.row_height = 42, .zebra = false}, [&](int i, Rect row) {
            Rect cell = row.inset(space::s, 0);
            ui.canvas.icon(cell.cut_left(20, space::s), Icon::id_card, IconSize::small, t.ink_soft);
            ui.canvas.number(cell, terms.cards[static_cast<std::size_t>(i)], Type::body, t.ink, Align::left);
        });
    }

    Desk& desk_;
    Alive alive_;
    const std::string subject_;
    std::string card_;
    Form form_;
    ListState cards_;
    Question question_;
    bool filled_ = false;
    Reading<Details> reading_;
};

}  // namespace

std::unique_ptr<Panel> make_person_panel(Desk& desk) { return std::make_unique<PersonPanel>(desk); }

}  // namespace paprsek::ui
