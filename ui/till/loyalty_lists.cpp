// The sections of the loyalty settings that are lists: New, Save, a double click or Enter edits, Del or a right click deletes.
#include <algorithm>
#include <charconv>

#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/loyalty_sections.h"

namespace paprsek::ui {
namespace {

/// One kind of list: what its rows show, and how a row is edited.
class ListKind {
public:
    virtual ~ListKind() = default;
    virtual std::vector<Column> columns() const = 0;
    virtual std::size_t count(const node::Policy& policy) const = 0;
    virtual std::vector<std::string> cells(const node::Policy& policy, std::size_t row) const = 0;
    /// Fields of a row, or of a new one.
    virtual void fill(Form& form, const node::Policy& policy, std::optional<std::size_t> row) const = 0;
    /// Takes the row over, in its place or as a new one; the sentence where a field is wrong, which has the focus then.
    virtual std::string take(Form& form, node::Policy& policy, std::optional<std::size_t> row) const = 0;
    virtual void erase(node::Policy& policy, std::size_t row) const = 0;
    virtual int form_columns() const { return 2; }
    virtual const char* empty_title() const = 0;
    virtual const char* sentence() const = 0;
};

class ListSection final : public LoyaltySection {
public:
    ListSection(Desk& desk, Draft& draft, std::unique_ptr<ListKind> kind) : desk_(desk), draft_(draft), kind_(std::move(kind)) {}

    void load() override {
        editing_ = false;
        problem_.clear();
        read_rows();
        list_.selected = count() == 0 ? -1 : std::clamp(list_.selected, 0, count() - 1);
    }

    std::string store() override {
        const std::string wrong = editing_ ? take() : std::string();
        problem_.clear();  // the panel tells it
        return wrong;
    }

    std::vector<Action> actions() override {
        if (!draft_.editable) return {};
        if (editing_)
            return {{tr("Leave it"), Icon::times, GLFW_KEY_ESCAPE, [this] { load(); }},
                    {tr("Save the row"), Icon::check, GLFW_KEY_ENTER, [this] { problem_ = take(); }, false, Tone::accent}};
        const bool any = list_.selected >= 0;
        return {{tr("New"), Icon::plus, GLFW_KEY_INSERT, [this] { begin(std::nullopt); }},
                {tr("Edit"), Icon::pencil, GLFW_KEY_ENTER, [this] { edit(); }, false, Tone::neutral, ButtonLook::outline, any},
                {tr("Delete"), Icon::trash, GLFW_KEY_DELETE, [this] { erase(); }, false, Tone::danger, ButtonLook::outline, any}};
    }

    bool key(const KeyPress& press) override {
        if (!editing_) return list_.handle(press, count());
        const bool ours = press.enter() || press.is(GLFW_KEY_ESCAPE) || press.is(GLFW_KEY_F3) || press.is(GLFW_KEY_F5);
        if (!ours) form_.key(press);
        return !ours || (press.is(GLFW_KEY_ESCAPE) && (load(), true));
    }

    bool scan(const std::string& text) override { return editing_ && form_.scan(text); }

    void draw(Ui& ui, Rect rect) override {
        ui.canvas.paragraph(rect.cut_top(36, space::s), kind_->sentence(), Type::caption, ui.theme.ink_soft);
        if (editing_) {
            Rect top = rect.cut_top(form_.height(kind_->form_columns()) + 2 * space::m, space::m);
            ui.canvas.fill(top, ui.theme.warn_soft, radius::control);  // what is edited is yellow, as users of such tills know it
            form_.draw(ui, top.inset(space::m), kind_->form_columns());
            if (!problem_.empty()) notice(ui, rect.cut_top(42, space::m), Tone::danger, Icon::warning, problem_);
        }
        if (count() == 0) {
            if (!editing_) empty_state(ui, rect, Icon::list, kind_->empty_title(), draft_.editable ? tr("Ins makes the first one.") : "");
            return;
        }
        const std::vector<Column> columns = kind_->columns();
        const ListEvents events = table(ui, rect, list_, columns, count(), {.row_height = 42, .focused = !editing_}, [&](int i, auto cells) {
            const std::vector<std::string>& texts = rows_[static_cast<std::size_t>(i)];
            for (std::size_t c = 0; c < texts.size(); ++c)
                ui.canvas.number(cells[c], texts[c], c == 0 ? Type::strong : Type::body, c == 0 ? ui.theme.ink : ui.theme.ink_soft, columns[c].align);
        });
        if (!draft_.editable) return;
        if (events.activated >= 0) edit();
        if (events.context >= 0 && !editing_) {
            list_.select(events.context);
            erase();
        }
    }

private:
    int count() const { return static_cast<int>(rows_.size()); }

    /// Some rows are named by the catalogue, which is not asked for every frame.
    void read_rows() {
        rows_.clear();
        desk_.guarded([&] {
            for (std::size_t row = 0; row < kind_->count(draft_.policy); ++row) rows_.push_back(kind_->cells(draft_.policy, row));
        });
    }

    void begin(std::optional<std::size_t> row) {
        row_ = row;
        form_.clear();
        kind_->fill(form_, draft_.policy, row);
        form_.focus(0);
        problem_.clear();
        editing_ = true;
    }

    void edit() {
        if (list_.selected >= 0 && list_.selected < count()) begin(static_cast<std::size_t>(list_.selected));
    }

    std::string take() {
        std::string wrong = kind_->take(form_, draft_.policy, row_);
        if (!wrong.empty()) {
            problem_ = wrong;
            return wrong;
        }
        editing_ = false;
        read_rows();
        if (!row_) list_.select(count() - 1);
        return {};
    }

    void erase() {
        if (list_.selected < 0 || list_.selected >= count()) return;
        kind_->erase(draft_.policy, static_cast<std::size_t>(list_.selected));
        read_rows();
        list_.selected = count() == 0 ? -1 : std::min(list_.selected, count() - 1);
    }

    Desk& desk_;
    Draft& draft_;
    std::unique_ptr<ListKind> kind_;
    std::vector<std::vector<std::string>> rows_;  ///< as shown
    ListState list_;
    Form form_;
    bool editing_ = false;
    std::optional<std::size_t> row_;
    std::string problem_;
};

template <class T>
T& row_of(std::vector<T>& list, std::optional<std::size_t> row) {
    if (row) return list[*row];
    return list.emplace_back();
}

// ------------------------------------------------------------------------------------------------ windows of time

constexpr std::size_t window_fields = 9;

/// Nine fields: seven days, from, to.
void fill_window(Form& form, const node::TimeWindow& window) {
    for (int day = 0; day < 7; ++day) form.add_flag(day_name(day), (window.days >> day & 1u) != 0);
    const auto clock = [](int minute) {
        std::string text = hours_text({0x7f, minute, minute + 1});
        return text.substr(0, text.find("–"));
    };
    const bool whole = window.from == 0 && window.to == 1440;
    form.add_text(tr("From"), {.length_max = 5, .placeholder = "0:00"}, whole ? std::string() : clock(window.from));
    form.add_text(tr("To"), {.length_max = 5, .placeholder = "24:00"}, whole ? std::string() : clock(window.to));
}

/// "8", "8:30", "08:30" or "8.30" in minutes.
std::optional<int> minute_of(const std::string& text) {
    const std::size_t mark = text.find_first_of(":.");
    const auto number = [](std::string_view part) -> std::optional<int> {
        int value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        return error == std::errc() && end == part.data() + part.size() && value >= 0 ? std::optional(value) : std::nullopt;
    };
    const auto hours = number(std::string_view(text).substr(0, mark));
    const auto minutes = mark == std::string::npos ? std::optional(0) : number(std::string_view(text).substr(mark + 1));
    if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > 1440) return std::nullopt;
    return *hours * 60 + *minutes;
}

std::string take_window(Form& form, node::TimeWindow& window) {
    unsigned days = 0;
    for (std::size_t day = 0; day < 7; ++day) days |= form.flag(day) ? 1u << day : 0u;
    const auto from = form.text(7).empty() ? std::optional(0) : minute_of(form.text(7));
    const auto to = form.text(8).empty() ? std::optional(1440) : minute_of(form.text(8));
    if (!from || !to || *from == *to) {
        form.focus(!from ? 7 : 8);
        return tr("Times of day are written 8:30; an empty field is the beginning or the end of the day.");
    }
    window = {days == 0 ? 0x7fu : days, *from == 1440 ? 0 : *from, *to == 0 ? 1440 : *to};
    return {};
}

/// Multipliers (L8) and time discounts (L11): a window and a figure.
class WindowKind : public ListKind {
public:
    explicit WindowKind(const Words& words) : words_(words) {}
    int form_columns() const override { return 5; }

protected:
    const Words& words_;
};

class MultiplierKind final : public WindowKind {
public:
    using WindowKind::WindowKind;
    std::vector<Column> columns() const override { return {{tr("Days"), 0, 1}, {tr("Hours"), 0, 1}, {tr("Multiplied by"), 140, 0, Align::right}}; }
    std::size_t count(const node::Policy& policy) const override { return policy.multipliers.size(); }
    std::vector<std::string> cells(const node::Policy& policy, std::size_t row) const override {
        const node::Multiplier& each = policy.multipliers[row];
        return {days_text(each.window.days), hours_text(each.window), "× " + words_.typed(each.factor)};
    }
    void fill(Form& form, const node::Policy& policy, std::optional<std::size_t> row) const override {
        const node::Multiplier each = row ? policy.multipliers[*row] : node::Multiplier{{}, node::Rate::of(2'000'000)};
        fill_window(form, each.window);
        form.add_text(tr("Points multiplied by"), {.accepts = TextField::Accepts::amount, .length_max = 10, .suffix = "×"}, words_.typed(each.factor));
    }
    std::string take(Form& form, node::Policy& policy, std::optional<std::size_t> row) const override {
        node::TimeWindow window;
        if (std::string wrong = take_window(form, window); !wrong.empty()) return wrong;
        const auto factor = Words::parse_typed<node::Rate>(form.text(window_fields));
        if (!factor || *factor <= node::Rate{}) {
            form.focus(window_fields);
            return tr("The multiplier is a number above zero.");
        }
        row_of(policy.multipliers, row) = {window, *factor};
        return {};
    }
    void erase(node::Policy& policy, std::size_t row) const override {
        policy.multipliers.erase(policy.multipliers.begin() + static_cast<std::ptrdiff_t>(row));
    }
    const char* empty_title() const override { return tr("Points are never multiplied"); }
    const char* sentence() const override {
        return tr("In these hours points are multiplied. Where several match, the highest counts; times past midnight belong to the day they begin on.");
    }
};

class TimeDiscountKind final : public WindowKind {
public:
    using WindowKind::WindowKind;
    std::vector<Column> columns() const override { return {{tr("Days"), 0, 1}, {tr("Hours"), 0, 1}, {tr("Discount"), 140, 0, Align::right}}; }
    std::size_t count(const node::Policy& policy) const override { return policy.time_discounts.size(); }
    std::vector<std::string> cells(const node::Policy& policy, std::size_t row) const override {
        const node::TimeDiscount& each = policy.time_discounts[row];
        return {days_text(each.window.days), hours_text(each.window), words_.percent(each.discount)};
    }
    void fill(Form& form, const node::Policy& policy, std::optional<std::size_t> row) const override {
        const node::TimeDiscount each = row ? policy.time_discounts[*row] : node::TimeDiscount{{}, node::Rate::of(5'000'000)};
        fill_window(form, each.window);
        form.add_text(tr("Discount"), {.accepts = TextField::Accepts::amount, .length_max = 8, .suffix = "%"}, words_.typed(each.discount));
    }
    std::string take(Form& form, node::Policy& policy, std::optional<std::size_t> row) const override {
        node::TimeWindow window;
        if (std::string wrong = take_window(form, window); !wrong.empty()) return wrong;
        const auto discount = Words::parse_typed<node::Rate>(form.text(window_fields));
        if (!discount || *discount > node::hundred_percent) {
            form.focus(window_fields);
            return tr("The discount is between 0 and 100 percent.");
        }
        row_of(policy.time_discounts, row) = {window, *discount};
        return {};
    }
    void erase(node::Policy& policy, std::size_t row) const override {
        policy.time_discounts.erase(policy.time_discounts.begin() + static_cast<std::ptrdiff_t>(row));
    }
    const char* empty_title() const override { return tr("No hour has a discount of its own"); }
    const char* sentence() const override {
        return tr("For everybody, in every system, on top of any other discount: for the hours in which the shop is empty.");
    }
};

// ------------------------------------------------------------------------------------------------ levels of spend (L10)

class LevelKind final : public ListKind {
public:
    explicit LevelKind(const Words& words) : words_(words) {}
    std::vector<Column> columns() const override { return {{tr("Spend of at least"), 0, 1, Align::right}, {tr("Discount"), 0, 1, Align::right}}; }
    std::size_t count(const node::Policy& policy) const override { return policy.levels.size(); }
    std::vector<std::string> cells(const node::Policy& policy, std::size_t row) const override {
        return {words_.money(policy.levels[row].spend), words_.percent(policy.levels[row].discount)};
    }
    void fill(Form& form, const node::Policy& policy, std::optional<std::size_t> row) const override {
        form.add_text(tr("Spend of at least"), {.accepts = TextField::Accepts::amount, .length_max = 14, .suffix = words_.currency_sign()},
                      row ? words_.typed(policy.levels[*row].spend) : std::string());
        form.add_text(tr("Discount"), {.accepts = TextField::Accepts::amount, .length_max = 8, .suffix = "%"},
                      row ? words_.typed(policy.levels[*row].discount) : std::string());
    }
    std::string take(Form& form, node::Policy& policy, std::optional<std::size_t> row) const override {
        const auto spend = Words::parse_typed<node::Money>(form.text(0));
        const auto discount = Words::parse_typed<node::Rate>(form.text(1));
        if (!spend || *spend < node::Money{}) {
            form.focus(0);
            return tr("That is not an amount.");
        }
        if (!discount || *discount > node::hundred_percent) {
            form.focus(1);
            return tr("The discount is between 0 and 100 percent.");
        }
        for (std::size_t i = 0; i < policy.levels.size(); ++i) {
            if (i != row && policy.levels[i].spend == *spend) {
                form.focus(0);
                return tr("There is a level at this spend already.");
            }
        }
        row_of(policy.levels, row) = {*spend, *discount};
        std::sort(policy.levels.begin(), policy.levels.end(), [](const node::Level& a, const node::Level& b) { return a.spend < b.spend; });
        return {};
    }
    void erase(node::Policy& policy, std::size_t row) const override { policy.levels.erase(policy.levels.begin() + static_cast<std::ptrdiff_t>(row)); }
    const char* empty_title() const override { return tr("No discount by spend"); }
    const char* sentence() const override {
        return tr("Where customers collect spend, reaching a level is enough for its discount, from the next receipt on.");
    }

private:
    const Words& words_;
};

// ------------------------------------------------------------------------------------------------ excluded goods (L13)

class ExcludedKind final : public ListKind {
public:
    explicit ExcludedKind(Desk& desk) : desk_(desk) {}
    std::vector<Column> columns() const override { return {{tr("Group or code"), 260, 0}, {tr("What it is"), 0, 1}}; }
    std::size_t count(const node::Policy& policy) const override { return policy.excluded_groups.size() + policy.excluded_products.size(); }
    std::vector<std::string> cells(const node::Policy& policy, std::size_t row) const override {
        if (row < policy.excluded_groups.size()) return {written(policy.excluded_groups[row]), tr("A group, with all groups in it")};
        const std::string& code = policy.excluded_products[row - policy.excluded_groups.size()];
        std::string name = tr("A product that is not in the catalogue");
        if (const auto product = node::find_product(desk_.node.database(), code)) name = product->name;
        return {code, name};
    }
    void fill(Form& form, const node::Policy& policy, std::optional<std::size_t> row) const override {
        const bool product = row && *row >= policy.excluded_groups.size();
        form.add_choice(tr("Left out is"), {tr("a group"), tr("a product")}, product ? 1 : 0);
        std::string text;
        if (row) text = product ? policy.excluded_products[*row - policy.excluded_groups.size()] : written(policy.excluded_groups[*row]);
        form.add_text(tr("Its name, or its code (scan it)"), {.length_max = 120}, text);
    }
    std::string take(Form& form, node::Policy& policy, std::optional<std::size_t> row) const override {
        const bool product = form.chosen(0) == 1;
        const std::string text(node::trim(form.text(1)));
        const std::string name = product ? node::normalise_code(text) : node::fold(text);
        if (name.empty()) {
            form.focus(1);
            return tr("Name the group, or scan the product.");
        }
        if (row) erase(policy, *row);
        auto& list = product ? policy.excluded_products : policy.excluded_groups;
        if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
        return {};
    }
    void erase(node::Policy& policy, std::size_t row) const override {
        const std::size_t groups = policy.excluded_groups.size();
        if (row < groups)
            policy.excluded_groups.erase(policy.excluded_groups.begin() + static_cast<std::ptrdiff_t>(row));
        else
            policy.excluded_products.erase(policy.excluded_products.begin() + static_cast<std::ptrdiff_t>(row - groups));
    }
    const char* empty_title() const override { return tr("Nothing is left out"); }
    const char* sentence() const override { return tr("Tobacco and the like: no discount of any kind, no points, and points cannot pay for it."); }

private:
    std::string written(const std::string& group) const { return node::group_name(desk_.node.database(), group); }
    Desk& desk_;
};

// ------------------------------------------------------------------------------------------------ programmes (C3)

std::string ranges_text(const node::Programme& programme) {
    std::string text;
    for (const auto& [from, to] : programme.card_ranges) text += (text.empty() ? "" : ", ") + from + "-" + to;
    return text;
}

std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        if (const std::string part(node::trim(std::string_view(text).substr(at, comma - at))); !part.empty()) parts.push_back(part);
        at = comma + 1;
    }
    return parts;
}

class ProgrammeKind final : public ListKind {
public:
    explicit ProgrammeKind(Desk& desk) : desk_(desk), words_(desk.words) {}
    int form_columns() const override { return 3; }
    std::vector<Column> columns() const override {
        return {{tr("Programme"), 0, 1}, {tr("Discount"), 90, 0, Align::right}, {tr("Cards"), 0, 2}, {tr("Valid"), 190, 0}};
    }
    std::size_t count(const node::Policy& policy) const override { return policy.programmes.size(); }
    std::vector<std::string> cells(const node::Policy& policy, std::size_t row) const override {
        const node::Programme& each = policy.programmes[row];
        std::string valid = each.valid_from ? words_.date(*each.valid_from) : std::string();
        if (each.valid_from || each.valid_to) valid += valid.empty() ? "– " : " –";
        if (each.valid_to) valid += (each.valid_from ? " " : "") + words_.date(*each.valid_to);
        return {each.name, words_.percent(each.discount), each.card_ranges.empty() ? std::string(tr("by its list of cards")) : ranges_text(each),
                valid.empty() ? std::string(tr("always")) : valid};
    }
    void fill(Form& form, const node::Policy& policy, std::optional<std::size_t> row) const override {
        const node::Programme each = row ? policy.programmes[*row] : node::Programme{};
        const auto day = [&](const std::optional<node::Date>& date) { return date ? words_.date(*date) : std::string(); };
        std::string groups;
        for (const std::string& group : each.excluded_groups) groups += (groups.empty() ? "" : ", ") + node::group_name(desk_.node.database(), group);
        form.add_text(tr("Programme"), {.length_max = 60}, each.name);
        form.add_text(tr("Discount"), {.accepts = TextField::Accepts::amount, .length_max = 8, .suffix = "%"}, words_.typed(each.discount));
        form.add_text(tr("Cards, from-to, more by commas"), {.length_max = 2000, .placeholder = "7000000-7999999"}, ranges_text(each));
        form.add_text(tr("Groups left out, by commas"), {.length_max = 2000}, groups);
        form.add_text(tr("Valid from"), {.length_max = 14, .placeholder = words_.date(*node::parse_date("2026-03-01"))}, day(each.valid_from));
        form.add_text(tr("Valid to"), {.length_max = 14, .placeholder = words_.date(*node::parse_date("2026-12-31"))}, day(each.valid_to));
    }
    std::string take(Form& form, node::Policy& policy, std::optional<std::size_t> row) const override {
        node::Programme programme;
        programme.name = node::trim(form.text(0));
        const auto discount = Words::parse_typed<node::Rate>(form.text(1));
        const auto wrong = [&](std::size_t field, const char* sentence) {
            form.focus(field);
            return std::string(sentence);
        };
        if (programme.name.empty()) return wrong(0, tr("The programme needs a name."));
        for (std::size_t i = 0; i < policy.programmes.size(); ++i) {
            if (i != row && policy.programmes[i].name == programme.name) return wrong(0, tr("There is a programme of this name already."));
        }
        if (!discount || *discount > node::hundred_percent) return wrong(1, tr("The discount is between 0 and 100 percent."));
        programme.discount = *discount;
        for (const std::string& part : parts_of(form.text(2))) {
            const std::size_t dash = part.find('-');
            const std::string from = node::normalise_code(part.substr(0, dash));
            const std::string to = dash == std::string::npos ? from : node::normalise_code(part.substr(dash + 1));
            if (from.empty() || from.size() != to.size() || from > to) return wrong(2, tr("A range is two codes of the same length, the lower one first."));
            programme.card_ranges.emplace_back(from, to);
        }
        for (const std::string& group : parts_of(form.text(3))) programme.excluded_groups.push_back(node::fold(group));
        for (const auto& [field, date] : {std::pair{4, &programme.valid_from}, std::pair{5, &programme.valid_to}}) {
            const std::string& text = form.text(static_cast<std::size_t>(field));
            if (text.empty()) continue;
            *date = Words::parse_day(text);
            if (*date) continue;
            form.focus(static_cast<std::size_t>(field));
            return fill_in(tr("A day is written {}."), {words_.date(*node::parse_date("2026-03-31"))});
        }
        row_of(policy.programmes, row) = std::move(programme);
        return {};
    }
    void erase(node::Policy& policy, std::size_t row) const override { policy.programmes.erase(policy.programmes.begin() + static_cast<std::ptrdiff_t>(row)); }
    const char* empty_title() const override { return tr("No programme"); }
    const char* sentence() const override {
        return tr("Cards of others: a club, a union, a bank. Any card in a range makes its holder a customer with the programme's discount.");
    }

private:
    Desk& desk_;
    const Words& words_;
};

}  // namespace

std::unique_ptr<LoyaltySection> make_multipliers_section(Desk& desk, Draft& draft) {
    return std::make_unique<ListSection>(desk, draft, std::make_unique<MultiplierKind>(desk.words));
}
std::unique_ptr<LoyaltySection> make_levels_section(Desk& desk, Draft& draft) {
    return std::make_unique<ListSection>(desk, draft, std::make_unique<LevelKind>(desk.words));
}
std::unique_ptr<LoyaltySection> make_time_discounts_section(Desk& desk, Draft& draft) {
    return std::make_unique<ListSection>(desk, draft, std::make_unique<TimeDiscountKind>(desk.words));
}
std::unique_ptr<LoyaltySection> make_excluded_section(Desk& desk, Draft& draft) {
    return std::make_unique<ListSection>(desk, draft, std::make_unique<ExcludedKind>(desk));
}
std::unique_ptr<LoyaltySection> make_programmes_section(Desk& desk, Draft& draft) {
    return std::make_unique<ListSection>(desk, draft, std::make_unique<ProgrammeKind>(desk));
}

}  // namespace paprsek::ui
