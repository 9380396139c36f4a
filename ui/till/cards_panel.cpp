// A pile of cards becomes customers (L4): every scan here is a card, answered one by one, without a question.
#include <algorithm>

#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/sentences.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class CardsPanel final : public Panel {
public:
    explicit CardsPanel(Desk& desk) : desk_(desk) {}

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override {
        if (press.enter() && field_.empty()) {
            desk_.back();
            return true;
        }
        if (press.enter()) {
            add(field_.text());
            field_.clear();
            return true;
        }
        return field_.handle(press) || list_.handle(press, static_cast<int>(cards_.size()));
    }

    bool scan(const std::string& text) override {
        add(text.starts_with(';') ? text.substr(1) : text);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::id_card, tr("Add cards"), tr("Scan one card after another: each becomes a customer"), "Esc"}, closed);
        if (closed) desk_.back();
        const std::vector<Action> actions{{field_.empty() ? tr("Done") : tr("Add"), Icon::check, GLFW_KEY_ENTER, [this] { key(pressed(GLFW_KEY_ENTER)); },
                                           false, Tone::accent, ButtonLook::solid}};
        draw_actions(ui, inside.cut_bottom(46, space::m), actions);
        Rect head = inside.cut_top(50, space::m);
        const Rect known = head.cut_right(130, space::s), added = head.cut_right(130, space::s);
        labelled(ui, added, tr("Added"), desk_.words.count(added_), Type::title, ui.theme.go, Align::right);
        labelled(ui, known, tr("Already known"), desk_.words.count(known_), Type::title, ui.theme.ink_soft, Align::right);
        text_field(ui, head, field_, {.placeholder = tr("Scan a card, or type its code"), .icon = Icon::barcode, .focused = true, .type = Type::title});
        if (cards_.empty()) {
            empty_state(ui, inside, Icon::id_card, tr("No card yet"), tr("Nothing is asked: a card alone is a full customer, and a name can be added later."));
            return;
        }
        const Column columns[] = {{tr("Card"), 220, 0}, {tr("What became of it"), 0, 1}};
        table(ui, inside, list_, columns, static_cast<int>(cards_.size()), {.row_height = 38}, [&](int i, auto cells) {
            const node::ScannedCard& card = cards_[cards_.size() - 1 - static_cast<std::size_t>(i)];  // the newest on top
            ui.canvas.number(cells[0], card.card, Type::strong, ui.theme.ink, Align::left);
            const bool well = card.outcome.ok();
            const std::string words = !well ? say(card.outcome.message) : card.added ? std::string(tr("A new customer")) : std::string(tr("Already known"));
            ui.canvas.text(cells[1], words, Type::body, !well ? ui.theme.danger : card.added ? ui.theme.go : ui.theme.ink_soft);
        });
    }

private:
    void add(const std::string& text) {
        const auto card = std::make_shared<node::ScannedCard>();
        const auto command = [this, text, card] {
            node::Hand hand;
            if (auto outcome = hand_for(desk_.till, {node::Permission::edit_customers}, hand); !outcome.ok()) return outcome;
            *card = node::add_cards(desk_.node, hand, {text}).front();
            return node::Outcome{};
        };
        desk_.act(command, [this, card] { note(*card); });
    }

    void note(node::ScannedCard card) {
        added_ += card.added ? 1 : 0;
        known_ += card.outcome.ok() && !card.added ? 1 : 0;
        constexpr std::size_t kept_max = 5000;
        if (cards_.size() == kept_max) cards_.erase(cards_.begin());
        cards_.push_back(std::move(card));
        list_.select(0);
    }

    Desk& desk_;
    TextField field_{TextField::Accepts::code, 120};
    ListState list_;
    std::vector<node::ScannedCard> cards_;
    std::int64_t added_ = 0, known_ = 0;
};

}  // namespace

std::unique_ptr<Panel> make_cards_panel(Desk& desk) { return std::make_unique<CardsPanel>(desk); }

}  // namespace paprsek::ui
