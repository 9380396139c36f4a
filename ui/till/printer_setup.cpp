#include "ui/till/printer_setup.h"

#include <algorithm>

#include "ui/faults.h"

namespace paprsek::ui {
namespace {

using fiscal::Dialect;

constexpr fiscal::Mode modes[] = {fiscal::Mode::asynchronous, fiscal::Mode::synchronous, fiscal::Mode::ecr};

const char* family(const fiscal::Profile& profile) {
    if (profile.dialect == Dialect::none) return tr("On the screen only");
    if (profile.dialect == Dialect::paper) return tr("Files");
    return profile.fiscal ? tr("Fiscal printer") : tr("Receipt printer");
}

std::string shown(const fiscal::Profile& profile) {
    if (profile.dialect == Dialect::none) return tr("No printer");
    return tr(std::string(profile.shown).c_str());
}

const char* address_hint(const fiscal::Profile& profile) {
    if (profile.dialect == Dialect::paper) return tr("Folder; empty: in the till's own");
    if (profile.fiscal) return "serial:/dev/ttyUSB0@9600";
    return "tcp:192.0.2.7:9100, file:/dev/usb/lp0, cups:NAME";
}

}  // namespace

const fiscal::Profile& PrinterSetup::profile() const {
    const auto all = fiscal::profiles();
    return all[static_cast<std::size_t>(std::clamp(models_.selected, 0, static_cast<int>(all.size()) - 1))];
}

void PrinterSetup::begin() {
    done_ = false;
    desk_.printer_answers->looked.reset();
    desk_.guarded([&] { setting_ = fiscal::device_setting(desk_.node); });
    const auto all = fiscal::profiles();
    const auto found = std::find_if(all.begin(), all.end(), [&](const fiscal::Profile& each) { return each.name == setting_.profile; });
    models_.select(found == all.end() ? 0 : static_cast<int>(found - all.begin()));
    fill_form();
}

void PrinterSetup::choose(int row) {
    read_form();
    models_.select(row);
    setting_.profile = profile().name;
    if (!profile().fiscal) setting_.mode = fiscal::Mode::asynchronous;
    fill_form();
}

/// Only what the model has a use for.
void PrinterSetup::fill_form() {
    wrong_.clear();
    const fiscal::Profile& model = profile();
    form_.clear();
    has_address_ = model.dialect != Dialect::none;
    has_fiscal_ = model.fiscal;
    has_silent_ = model.dialect == Dialect::escpos;
    if (has_address_) address_ = form_.add_text(tr("Where it hangs"), {.length_max = 120, .placeholder = address_hint(model)}, setting_.address);
    if (has_fiscal_) {
        std::vector<std::string> words;
        for (const fiscal::Mode mode : modes) words.push_back(mode_words(mode));
        mode_ = form_.add_choice(tr("It prints"), words, static_cast<std::size_t>(setting_.mode));
        number_ = form_.add_text(tr("Operator's number"), {.accepts = TextField::Accepts::digits, .length_max = 2}, std::to_string(setting_.operator_number));
        password_ = form_.add_text(tr("Operator's password"), {.length_max = 8, .placeholder = tr("the maker's"), .secret = true}, setting_.password);
    }
    if (has_address_) first_ = form_.add_flag(tr("Sell only where it can print at once"), setting_.print_first);
    if (has_silent_) silent_ = form_.add_flag(tr("It never answers (one-way line)"), setting_.silent);
}

void PrinterSetup::read_form() {
    setting_.profile = profile().name;
    if (has_address_) setting_.address = form_.text(address_);
    if (has_fiscal_) {
        setting_.mode = modes[form_.chosen(mode_)];
        const std::string& digits = form_.text(number_);
        setting_.operator_number = digits.empty() ? 1 : std::max(1, std::stoi(digits));
        setting_.password = form_.text(password_);
    }
    if (has_address_) setting_.print_first = form_.flag(first_);
    setting_.silent = has_silent_ && form_.flag(silent_);
}

void PrinterSetup::find() {
    if (desk_.printer == nullptr || desk_.printer_answers->looking) return;
    read_form();
    desk_.printer_answers->looking = true;
    desk_.printer_answers->looked.reset();
    desk_.printer->wish(fiscal::Wish::find, has_fiscal_ ? setting_.address : std::string());
}

void PrinterSetup::save() {
    wrong_.clear();
    read_form();
    desk_.act([this] { return desk_.till.demand(node::Permission::change_policy); }, [this] { keep(); });
}

void PrinterSetup::keep() {
    try {
        // A line that is none is said now, and not when the first receipt waits for it.
        fiscal::set_device(desk_.node, fiscal::parse_setting(json_of(setting_).dump(), tr("Printer")), desk_.view().cashier);
    } catch (const node::Error& error) {
        wrong_ = refusal_text({}, error.why(), error.hint());
        return;
    }
    if (desk_.printer != nullptr) desk_.printer->set_anew();
    desk_.refresh_status();
    desk_.toasts.show(Tone::go, Icon::check, has_address_ ? tr("The printer is set.") : tr("No printer is set: receipts are shown on the screen."));
    done_ = true;
}

bool PrinterSetup::key(const KeyPress& press) {
    const int count = static_cast<int>(fiscal::profiles().size());
    if (press.enter()) {
        save();
        return true;
    }
    if (press.is(GLFW_KEY_PAGE_DOWN) || press.is(GLFW_KEY_PAGE_UP)) {
        choose(std::clamp(models_.selected + (press.is(GLFW_KEY_PAGE_DOWN) ? 1 : -1), 0, count - 1));
        return true;
    }
    if (press.control && press.key == GLFW_KEY_F) {
        find();
        return true;
    }
    wrong_.clear();
    return form_.key(press) || press.character != 0;  // nothing typed here reaches the receipt
}

void PrinterSetup::draw_models(Ui& ui, Rect area) {
    Rect head = area.cut_top(24, space::xs);
    ui.canvas.text(head, tr("Model"), Type::caption_strong, ui.theme.ink_soft);
    key_cap(ui, head, "PgUp PgDn", ui.theme.ink_faint, ui.theme.line);
    const auto all = fiscal::profiles();
    const int before = models_.selected;
    const ListEvents events =
        list(ui, area, models_, static_cast<int>(all.size()), {.row_height = 46, .zebra = false, .focused = true}, [&](int row, Rect rect) {
            const fiscal::Profile& each = all[static_cast<std::size_t>(row)];
            Rect cell = rect.inset(space::s, 4);
            std::string name = shown(each), below = family(each);
            if (ui.canvas.width(name, Type::strong) > cell.w) {  // what is told of it in brackets or behind a colon says what it is
                const std::size_t end = std::min(name.find(" ("), name.find(": "));
                if (end != std::string::npos) {
                    below = name.substr(end + (name[end] == ':' ? 2 : 1));
                    name.resize(end);
                }
            }
            const bool fits = ui.canvas.width(name, Type::strong) <= cell.w;
            ui.canvas.text(cell.cut_top(cell.h / 2 + 2), name, fits ? Type::strong : Type::caption_strong, ui.theme.ink);
            ui.canvas.text(cell, below, Type::caption, ui.theme.ink_soft);
        });
    if (events.clicked >= 0 && events.clicked != before) {
        models_.selected = before;
        choose(events.clicked);
    }
}

void PrinterSetup::draw_found(Ui& ui, Rect area) {
    const PrinterAnswers& answers = *desk_.printer_answers;
    if (answers.looking) {
        ui.canvas.text(area.cut_top(26), tr("Asking on each line… this takes some seconds."), Type::body, ui.theme.ink_soft);
        progress_bar(ui, area.cut_top(8), std::nullopt);
        ui.redraw_at(ui.now + 0.05);
        return;
    }
    if (!answers.looked) return;
    if (answers.looked->found.empty()) {
        const std::string why = answers.looked->silent.empty() ? std::string(tr("No serial line is on this computer: type the address of a network printer."))
                                                               : fill_in(tr("No fiscal printer answers at {}."), {answers.looked->silent.front().address});
        notice(ui, area.cut_top(64), Tone::warn, Icon::search, why);
        return;
    }
    ui.canvas.text(area.cut_top(24, space::xs), tr("Found: touch to take it over"), Type::caption_strong, ui.theme.ink_soft);
    const auto& found = answers.looked->found;
    const ListEvents events = list(ui, area, found_, static_cast<int>(found.size()), {.row_height = 46, .focused = false}, [&](int row, Rect rect) {
        const auto& each = found[static_cast<std::size_t>(row)];
        Rect cell = rect.inset(space::s, 4);
        ui.canvas.text(cell.cut_top(cell.h / 2 + 2), each.identity.model + "  " + each.identity.serial, Type::strong, ui.theme.ink);
        ui.canvas.text(cell, each.address, Type::caption, ui.theme.ink_soft);
    });
    if (events.clicked < 0) return;
    const auto& each = found[static_cast<std::size_t>(events.clicked)];
    read_form();
    setting_.address = each.address;
    const auto all = fiscal::profiles();
    models_.select(static_cast<int>(each.profile - all.data()));
    setting_.profile = profile().name;
    fill_form();
}

bool PrinterSetup::draw(Ui& ui, Rect area) {
    draw_models(ui, area.cut_left(std::min(430.0F, area.w * 0.4F), space::xl));
    const Rect foot = area.cut_bottom(50, space::m);
    if (button(ui, foot.cell(0, 2, 0, 1, space::m), {.label = tr("Find it"), .key = "Ctrl F", .icon = Icon::search, .enabled = has_fiscal_})) find();
    if (button(ui, foot.cell(1, 2, 0, 1, space::m),
               {.label = tr("Use this printer"), .key = "Enter", .icon = Icon::check, .tone = Tone::accent, .look = ButtonLook::solid}))
        save();
    ui.canvas.text(area.cut_top(28, space::m), shown(profile()), Type::title, ui.theme.ink);
    form_.draw(ui, area.cut_top(form_.height(1), space::l));
    if (!wrong_.empty()) notice(ui, area.cut_top(64, space::s), Tone::danger, Icon::exclamation, wrong_);
    if (!has_address_) ui.canvas.paragraph(area.cut_top(60), tr("Receipts are shown on the screen and can be printed later."), Type::body, ui.theme.ink_soft);
    draw_found(ui, area);
    return std::exchange(done_, false);
}

}  // namespace paprsek::ui
