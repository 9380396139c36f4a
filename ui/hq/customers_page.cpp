// F9: customers with their terms, searched as one types; a table of customers, or of the cards of a programme, is taken over after a look
// at what it changes (C3, C4).
#include "ui/hq/import_sheet.h"
#include "ui/hq/search.h"

namespace paprsek::ui {
namespace {

class CustomersPage final : public Page {
public:
    explicit CustomersPage(Console& console)
        : console_(console), search_(console, [](hq::Headquarters& headquarters, const std::string& text, std::size_t most) {
              return headquarters.customers(text, most);
          }) {}

    void enter() override {
        search_.want();
        wants_programmes_ = true;
    }
    bool settled() const override { return search_.settled() && import_.settled() && !programmes_reading_.running(); }
    bool takes(const std::filesystem::path& file) const override { return looks_like_table(file); }
    /// The list of cards that is open takes another file; else it is a table of customers.
    void drop(const std::vector<std::filesystem::path>& files) override {
        if (import_.open()) import_.read(files.front());
        else import_.read(customers(), files.front());
    }
    bool scan(const std::string& text) override { return import_.open() || search_.look_for(text); }
    bool key(const KeyPress& press) override { return import_.key(press) || act_by_key(actions(), press) || search_.key(press); }

    bool tick() override {
        bool changed = import_.tick();
        if (import_.take_done()) search_.want();
        try {
            if (auto names = programmes_reading_.take()) {
                programmes_ = std::move(*names);
                changed = true;
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        if (wants_programmes_ && !programmes_reading_.running()) {
            wants_programmes_ = false;
            programmes_reading_.start([where = console_.folder, currency = console_.status.info.currency](Progress&) {
                std::vector<std::string> names;
                for (const node::Programme& each : node::parse_policy(Console::open(where)->policy(), currency, "policy").programmes)
                    names.push_back(each.name);
                return names;
            });
        }
        return search_.tick() || changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (import_.draw(ui, area)) return;
        Rect inside = card(ui, area);
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        search_.draw_field(ui, inside.cut_top(50, space::s), tr("Name, number or card"));
        if (search_.found().empty()) {
            empty_state(ui, inside, Icon::users, search_.looking() ? tr("Looking…") : search_.empty_field() ? tr("No customers yet") : tr("Nobody found"),
                        search_.empty_field() ? tr("Drop a table of customers here, or choose it: what it brings is shown first.")
                                              : tr("Fewer letters find more; marks over letters do not matter."));
            return;
        }
        if (const hq::CustomerBalance* chosen = search_.chosen())
            draw_detail(ui, inside.cut_right(std::clamp(inside.w * 0.36F, 320.0F, 520.0F), space::l), *chosen);
        draw_table(ui, inside);
    }

private:
    ImportSheet::Table customers() {
        ImportSheet::Table table{tr("Customers from a file"), tr("List of customers"),
                                 "number, name, cards, dealer, discount, charge_to_account, limit, points, spend, phone, email, address", {}, {}, {}, {}};
        table.read = [words = console_.words](hq::Headquarters& headquarters, const std::string& file, const ImportSheet::Asked& asked) {
            return read_customers(headquarters, file, asked.preview, words);
        };
        return table;
    }

    ImportSheet::Table cards() {
        ImportSheet::Table table{tr("Cards of a programme"), tr("List of cards"), "card, customer, name", tr("Programme"), programmes_,
                                 tr("Take off the list what the file does not name"), {}};
        table.read = [](hq::Headquarters& headquarters, const std::string& file, const ImportSheet::Asked& asked) {
            return read_cards(headquarters, file, {asked.choice, asked.preview, asked.flag});
        };
        return table;
    }

    std::vector<Action> actions() {
        const auto list_cards = [this] {
            if (programmes_.empty()) {
                console_.toasts.show(Tone::warn, Icon::info_circle, tr("The policy names no programme of cards yet: F10 sets one."));
                return;
            }
            import_.choose(cards());
        };
        return {{tr("Cards of a programme…"), Icon::id_card, GLFW_KEY_L, list_cards, true},
                {tr("From a file…"), Icon::download, GLFW_KEY_I, [this] { import_.choose(customers()); }, true, Tone::accent, ButtonLook::solid}};
    }

    void draw_table(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const auto& found = search_.found();
        // Beside a narrow list the chosen one's terms stand anyway; a name that is cut is nobody's.
        const bool wide = rect.w > 640;
        std::vector<Column> columns = {{tr("No."), 48, 0, Align::right}, {tr("Customer"), 0, 1}, {tr("Category"), 76, 0}};
        if (wide) columns.push_back({tr("Discount"), 76, 0, Align::right});
        columns.push_back({tr("Debt"), 92, 0, Align::right});
        if (wide) columns.push_back({tr("Limit"), 92, 0, Align::right});
        table(ui, rect, search_.list, columns, static_cast<int>(found.size()), {}, [&](int i, auto cells) {
            const hq::CustomerBalance& customer = found[static_cast<std::size_t>(i)];
            std::size_t c = 0;
            ui.canvas.number(cells[c++], customer.number ? std::to_string(*customer.number) : "–", Type::body, t.ink_soft);
            ui.canvas.text(cells[c++], customer.name.empty() ? tr("Card without a name") : customer.name.c_str(), Type::strong,
                           customer.name.empty() ? t.ink_faint : t.ink);
            ui.canvas.text(cells[c++], customer.dealer, Type::caption, t.accent);
            if (wide) ui.canvas.number(cells[c++], customer.discount.is_zero() ? "" : console_.words.percent(customer.discount), Type::body, t.ink);
            ui.canvas.number(cells[c++], console_.words.bare_money(customer.debt), Type::body, customer.debt.is_zero() ? t.ink_faint : t.warn);
            if (wide) ui.canvas.number(cells[c], limit_of(customer), Type::body, t.ink_soft);
        });
    }

    std::string limit_of(const hq::CustomerBalance& customer) const {
        return !customer.charge ? "–" : customer.limit.is_zero() ? tr("none") : console_.words.bare_money(customer.limit);
    }

    void draw_detail(Ui& ui, Rect rect, const hq::CustomerBalance& customer) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::card);
        Rect inside = rect.inset(space::l);
        const std::string name = customer.name.empty() ? tr("Card without a name") : customer.name;
        inside.cut_top(ui.canvas.paragraph({inside.x, inside.y, inside.w, 54}, name, Type::title, t.ink), space::xs);
        std::string cards;
        for (const std::string& card : customer.cards) cards += (cards.empty() ? "" : ", ") + card;
        inside.cut_top(ui.canvas.paragraph({inside.x, inside.y, inside.w, 40}, cards.empty() ? tr("no card") : cards, Type::caption, t.ink_soft), space::m);
        Rect figures = inside.cut_top(48, space::s);
        const Color points = customer.points.raw() < 0 ? t.danger : t.accent;
        labelled(ui, figures.cell(0, 2, 0, 1, space::s), tr("Points"), console_.words.points(customer.points), Type::strong, points);
        labelled(ui, figures.cell(1, 2, 0, 1, space::s), tr("Spend"), console_.words.bare_money(customer.spend), Type::strong, t.ink);
        figures = inside.cut_top(48, space::m);
        labelled(ui, figures.cell(0, 2, 0, 1, space::s), tr("Debt"), console_.words.bare_money(customer.debt), Type::strong,
                 customer.debt.is_zero() ? t.ink : t.warn);
        labelled(ui, figures.cell(1, 2, 0, 1, space::s), tr("Last purchase"), customer.last ? console_.words.date(*customer.last) : "–", Type::strong, t.ink);
        const auto line = [&](const char* label, const std::string& text) {
            if (text.empty() || inside.h < 20) return;
            inside.cut_top(ui.canvas.paragraph(inside, fill_in("{}: {}", {label, text}), Type::body, t.ink_soft), space::xs);
        };
        line(tr("Buys on account"), !customer.charge             ? tr("no")
                                    : customer.limit.is_zero() ? std::string(tr("without a limit"))
                                                               : fill_in(tr("up to {}"), {console_.words.money(customer.limit)}));
        line(tr("Discount"), customer.discount.is_zero() ? "" : console_.words.percent(customer.discount));
        line(tr("Category"), customer.dealer);
        line(tr("Phone"), customer.texts.phone);
        line(tr("E-mail"), customer.texts.email);
        line(tr("Address"), customer.texts.address);
        line(tr("Note"), customer.texts.note);
    }

    Console& console_;
    Search<hq::CustomerBalance> search_;
    ImportSheet import_{console_};
    std::vector<std::string> programmes_;
    Task<std::vector<std::string>> programmes_reading_;
    bool wants_programmes_ = true;
};

}  // namespace

std::unique_ptr<Page> make_customers_page(Console& console) { return std::make_unique<CustomersPage>(console); }

}  // namespace paprsek::ui
