#include "ui/hq/import_sheet.h"

#include "node/base/text.h"
#include "node/row_faults.h"
#include "ui/faults.h"
#include "ui/kit/form.h"
#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

constexpr std::size_t most_lines = 1000;

/// "goods.csv line 7 column price" without the file, whose name the sheet shows: "Row 7, column price".
std::string row_place(const std::string& place) {
    constexpr std::string_view row = " line ", column = " column ";
    const std::size_t at = place.find(row);
    if (at == std::string::npos) return place_text(place);
    const std::size_t after = place.find(column, at), begin = at + row.size();
    std::string text = fill_in(tr("Row {}"), {place.substr(begin, after == std::string::npos ? after : after - begin)});
    if (after != std::string::npos) text += ", " + fill_in(tr("column {}"), {place.substr(after + column.size())});
    return text;
}

/// Rows that are wrong as lines, and the sentence that the whole is refused for.
TableRead wrong_rows(const std::vector<node::RowFault>& faults, std::int64_t more) {
    TableRead read;
    const auto count = static_cast<std::int64_t>(faults.size()) + more;
    for (const node::RowFault& fault : faults) read.lines.push_back({TableRead::Kind::wrong, row_place(fault.place), refusal_text("", fault.why, fault.hint)});
    read.figures = {{mark("Wrong rows"), count, Tone::danger}};
    read.refusal = fill_in(tr_n("{} row is wrong, nothing is taken over: mend the file and choose it again.",
                                "{} rows are wrong, nothing is taken over: mend the file and choose it again.", count),
                           {std::to_string(count)});
    return read;
}

}  // namespace

void ImportSheet::choose(Table table) {
    table_ = std::move(table);
    choice_ = 0;
    flag_ = false;
    file_.clear();
    shown_.reset();
    open_ = true;
    ask();
}

void ImportSheet::read(Table table, const std::filesystem::path& file) {
    table_ = std::move(table);
    choice_ = 0;
    flag_ = false;
    open_ = true;
    read(file);
}

void ImportSheet::read(const std::filesystem::path& file) {
    if (reading_.running()) return;
    asking_.close();
    file_ = file;
    start(true);
}

void ImportSheet::ask() {
    asking_.begin(table_.chooser, tr("A table as CSV or Excel; its first row names the columns"), {FileChooser::Mode::open, "", "", file_.parent_path()});
}

void ImportSheet::start(bool preview) {
    taking_ = !preview;
    const Asked asked{table_.choices.empty() ? std::string() : table_.choices[choice_], flag_, preview};
    reading_.start([where = console_.folder, read = table_.read, file = file_.string(), asked](Progress&) {
        try {
            return read(*Console::open(where), file, asked);
        } catch (const node::RowErrors& errors) {
            return wrong_rows(errors.faults(), static_cast<std::int64_t>(errors.more()));
        } catch (const node::Error& error) {
            if (error.exit() == node::Exit::operating) throw;
            TableRead refused;
            refused.refusal = error_text(error);
            return refused;
        }
    });
}

void ImportSheet::leave() {
    open_ = false;
    shown_.reset();
    asking_.close();
}

void ImportSheet::choose_next(int by) {
    const auto count = static_cast<int>(table_.choices.size());
    choice_ = static_cast<std::size_t>((static_cast<int>(choice_) + by + count) % count);
    if (!file_.empty()) start(true);
}

std::vector<Action> ImportSheet::actions() {
    const bool idle = !reading_.running();
    const bool can = idle && shown_ && shown_->refusal.empty() && shown_->changes > 0;
    return {{tr("Choose a file…"), Icon::folder, GLFW_KEY_O, [this] { ask(); }, true, Tone::neutral, ButtonLook::outline, idle},
            {tr("Take it over"), Icon::check, GLFW_KEY_ENTER, [this] { start(false); }, false, Tone::accent, ButtonLook::solid, can}};
}

bool ImportSheet::key(const KeyPress& press) {
    if (!open_) return false;
    if (asking_.key(press)) {
        if (!asking_.open() && file_.empty()) leave();
        return true;
    }
    if (act_by_key(actions(), press)) return true;
    if (reading_.running()) return true;  // whole or not at all: it cannot be left in the middle
    if (press.is(GLFW_KEY_ESCAPE)) {
        leave();
    } else if (!table_.choices.empty() && (press.is(GLFW_KEY_LEFT) || press.is(GLFW_KEY_RIGHT))) {
        choose_next(press.key == GLFW_KEY_LEFT ? -1 : 1);
    } else if (!table_.flag.empty() && press.is(GLFW_KEY_SPACE)) {
        flag_ = !flag_;
        start(true);
    } else {
        list_.handle(press, shown_ ? static_cast<int>(shown_->lines.size()) : 0);
    }
    return true;
}

bool ImportSheet::tick() {
    bool changed = asking_.tick();
    if (const auto file = asking_.take()) {
        read(*file);
        changed = true;
    }
    try {
        auto read = reading_.take();
        if (!read) return changed;
        changed = true;
        if (taking_ && read->refusal.empty()) {
            done_ = true;
            console_.refresh();
            console_.toasts.show(Tone::go, Icon::check, fill_in(tr("{} is taken over"), {file_.filename().string()}));
            leave();
            return true;
        }
        shown_ = std::move(*read);
        list_ = {};
        if (!shown_->lines.empty()) list_.selected = 0;
    } catch (const node::Error& error) {
        console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
        changed = true;
    }
    return changed;
}

void ImportSheet::draw_choices(Ui& ui, Rect& inside) {
    if (table_.choices.empty()) return;
    Rect row = inside.cut_top(42, space::m);
    if (!table_.flag.empty()) {
        const float width = std::min(row.w * 0.5F, ui.canvas.width(table_.flag, Type::body) + 90);
        if (switch_of(ui, row.cut_right(width, space::m), table_.flag, flag_, false, !reading_.running())) key(pressed(GLFW_KEY_SPACE));
    }
    ui.canvas.text(row.cut_left(ui.canvas.width(table_.choice, Type::caption) + 4, space::s), table_.choice, Type::caption, ui.theme.ink_soft);
    const int clicked = options_bar(ui, row, table_.choices, choice_, true, !reading_.running());
    if (clicked >= 0) choose_next(clicked - static_cast<int>(choice_));
}

bool ImportSheet::draw(Ui& ui, Rect area) {
    if (!open_) return false;
    if (asking_.draw(ui, area)) {
        if (!asking_.open() && file_.empty()) leave();
        return true;
    }
    bool closed = false;
    Rect inside = sheet(ui, area, {Icon::download, table_.title, file_.filename().string(), "Esc"}, closed);
    if (closed && !reading_.running()) leave();
    draw_actions(ui, inside.cut_bottom(46, space::m), actions());
    draw_choices(ui, inside);
    if (reading_.running()) {
        Rect bar = inside.middle(std::min(inside.w, 420.0F), 60);
        ui.canvas.text(bar.cut_top(30), taking_ ? tr("Taking the table over…") : tr("Reading what it would change…"), Type::body, ui.theme.ink_soft,
                       Align::centre);
        progress_bar(ui, bar.cut_top(8), std::nullopt);
        return true;
    }
    if (!shown_) return true;
    if (!shown_->figures.empty()) {
        Rect figures = inside.cut_top(74, space::m);
        const int count = static_cast<int>(shown_->figures.size());
        for (int i = 0; i < count; ++i) {
            const TableRead::Figure& figure = shown_->figures[static_cast<std::size_t>(i)];
            const Rect cell = figures.cell(i, std::max(count, 4), 0, 1, space::m);
            ui.canvas.fill(cell, ui.theme.sunken, radius::control);
            const Color ink = figure.tone == Tone::neutral ? ui.theme.ink : tone_color(ui.theme, figure.tone);
            labelled(ui, cell.inset(space::l, space::s), tr(figure.label), console_.words.count(figure.count), Type::title, ink);
        }
    }
    draw_lines(ui, inside);
    return true;
}

void ImportSheet::draw_lines(Ui& ui, Rect inside) {
    if (!shown_->refusal.empty()) {
        const float height = std::max(44.0F, ui.canvas.paragraph_height(inside.w - 60, shown_->refusal, Type::body) + space::l);
        notice(ui, inside.cut_top(height, space::s), Tone::danger, Icon::warning, shown_->refusal);
    }
    const auto& lines = shown_->lines;
    if (lines.empty()) {
        if (shown_->refusal.empty() && shown_->changes > 0)
            empty_state(ui, inside, Icon::check, tr("Every row is right"), tr("Nothing is changed before it is taken over."));
        else if (shown_->refusal.empty()) empty_state(ui, inside, Icon::check, tr("Nothing would change"), tr("HQ knows all of it already."));
        else empty_state(ui, inside, Icon::download, tr("Choose another file"), fill_in(tr("Columns that are understood: {}."), {table_.columns}));
        return;
    }
    if (list_.selected >= 0 && list_.selected < static_cast<int>(lines.size())) {
        // A row has one line; the chosen one says all here.
        const TableRead::Line& chosen = lines[static_cast<std::size_t>(list_.selected)];
        Rect whole = inside.cut_bottom(64, space::s);
        ui.canvas.fill(whole, ui.theme.sunken, radius::control);
        whole = whole.inset(space::m, space::s);
        ui.canvas.paragraph(whole, chosen.what + ": " + chosen.says, Type::caption, ui.theme.ink);
    }
    const Column columns[] = {{tr("State"), 116, 0}, {tr("Row"), 0, 1}, {tr("What it says"), 0, 1.8F}};
    table(ui, inside, list_, columns, static_cast<int>(lines.size()), {.row_height = 36}, [&](int i, auto cells) {
        const TableRead::Line& line = lines[static_cast<std::size_t>(i)];
        const auto [word, tone] = [&]() -> std::pair<const char*, Tone> {
            switch (line.kind) {
                case TableRead::Kind::wrong: return {tr("Wrong"), Tone::danger};
                case TableRead::Kind::warned: return {tr("To check"), Tone::warn};
                case TableRead::Kind::added: return {tr("Added"), Tone::go};
                case TableRead::Kind::changed: return {tr("Changed"), Tone::accent};
            }
            return {"", Tone::neutral};
        }();
        chip(ui, {cells[0].x, cells[0].centre().y}, word, tone);
        ui.canvas.text(cells[1], line.what, Type::strong, ui.theme.ink);
        ui.canvas.text(cells[2], line.says, Type::body, ui.theme.ink_soft);
    });
}

// ------------------------------------------------------------------------------------------------ what tables come to

namespace {

struct FieldWords {
    const char* field;
    const char* said;
};
constexpr FieldWords field_words[] = {{"name", mark("Name")},         {"price", mark("Price")},     {"vat", mark("VAT")},
                                      {"group", mark("Group")},       {"cost", mark("Cost")},       {"points", mark("Points")},
                                      {"dealer_discounts", mark("Dealers")},   {"code", mark("Codes")},      {"linked", mark("Sold along")},
                                      {"parent", mark("Group above")}, {"excluded", mark("Without points and discounts")},
                                      {"list", mark("Price list")},   {"from", mark("From the day")}, {"number", mark("Number")},
                                      {"cards", mark("Cards")},       {"dealer", mark("Category")}, {"discount", mark("Discount")},
                                      {"charge_to_account", mark("May buy on account")},            {"limit", mark("Limit")},
                                      {"phone", mark("Phone")},       {"email", mark("E-mail")},    {"address", mark("Address")},
                                      {"note", mark("Note")},         {"referrer", mark("Referred by")}, {"spend", mark("Spend")}};

std::string value_words(const std::string& field, const std::string& value, const Words& words) {
    if (value.empty()) return "–";
    const auto is = [&](std::initializer_list<const char*> names) { return std::find(names.begin(), names.end(), field) != names.end(); };
    if (is({"price", "cost", "limit", "spend"})) {
        if (const auto money = node::parse<node::Money>(value)) return words.bare_money(*money);
    } else if (field == "points") {
        if (const auto points = node::parse<node::Points>(value)) return words.points(*points);
    } else if (field == "discount") {
        if (const auto rate = node::parse<node::Rate>(value)) return words.percent(*rate);
    } else if (field == "from") {
        if (const auto day = node::parse_date(value)) return words.date(*day);
    } else if (is({"excluded", "charge_to_account"})) {
        return tr("yes");
    }
    return value;
}

std::string change_words(const hq::RowChange& change, const Words& words) {
    std::string text;
    for (const hq::FieldChange& each : change.fields) {
        const auto known = std::find_if(std::begin(field_words), std::end(field_words), [&](const FieldWords& one) { return one.field == each.field; });
        const std::string name = known == std::end(field_words) ? each.field : tr(known->said);
        const bool whole = change.added || (each.before.empty() && (each.field == "list" || each.field == "from"));
        text += (text.empty() ? "" : "  ·  ") + name + " ";
        if (!whole) text += value_words(each.field, each.before, words) + " → ";
        text += value_words(each.field, each.after, words);
    }
    return text;
}

TableRead read_of(const node::ImportReport& report, const hq::RowChanges& changes, const Words& words) {
    TableRead read;
    read.changes = report.added + report.changed;
    read.figures = {{mark("Rows"), report.rows, Tone::neutral},
                    {mark("Added"), report.added, Tone::go},
                    {mark("Changed"), report.changed, Tone::accent},
                    {mark("As they were"), report.unchanged, Tone::neutral}};
    for (const std::string& warning : report.warnings) {
        if (read.lines.size() == most_lines) break;
        const std::size_t colon = warning.find(": ");
        if (colon == std::string::npos) read.lines.push_back({TableRead::Kind::warned, "", say(warning)});
        else read.lines.push_back({TableRead::Kind::warned, row_place(warning.substr(0, colon)), node::with_capital(say(warning.substr(colon + 2)))});
    }
    for (const hq::RowChange& change : changes.list) {
        std::string what = change.key;
        if (!change.name.empty() && change.name != change.key) what = change.name + "  " + what;
        read.lines.push_back({change.added ? TableRead::Kind::added : TableRead::Kind::changed, what, change_words(change, words)});
    }
    return read;
}

}  // namespace

TableRead read_catalogue(hq::Headquarters& headquarters, const std::string& file, bool preview, const Words& words) {
    hq::RowChanges changes;
    const hq::CatalogueReport report = headquarters.import_catalogue(file, preview, preview ? &changes : nullptr);
    return read_of(report.rows, changes, words);
}

TableRead read_customers(hq::Headquarters& headquarters, const std::string& file, bool preview, const Words& words) {
    hq::RowChanges changes;
    const node::ImportReport report = headquarters.import_customers(file, preview, preview ? &changes : nullptr);
    return read_of(report, changes, words);
}

TableRead read_cards(hq::Headquarters& headquarters, const std::string& file, const hq::CardListOptions& options) {
    const hq::CardListReport report = headquarters.import_cards(file, options);
    if (!report.faults.empty()) return wrong_rows(report.faults, report.more_faults);
    TableRead read;
    read.changes = report.added + report.removed + report.linked;
    read.figures = {{mark("Cards in the file"), report.rows, Tone::neutral},
                    {mark("New on the list"), report.added, Tone::go},
                    {mark("Taken off it"), report.removed, Tone::warn},
                    {mark("Given to a customer"), report.linked, Tone::accent},
                    {mark("As they were"), report.unchanged, Tone::neutral}};
    return read;
}

bool looks_like_table(const std::filesystem::path& file) {
    std::string ending = file.extension().string();
    for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return ending == ".csv" || ending == ".xlsx" || ending == ".txt" || ending == ".tsv";
}

}  // namespace paprsek::ui
