#include "ui/till/first_start.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "node/base/csv.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/branch_import.h"
#include "node/pin.h"
#include "node/till.h"
#include "sync/exchange.h"
#include "sync/files.h"
#include "ui/brand.h"
#include "ui/faults.h"
#include "ui/kit/locale.h"
#include "ui/till/exchange_work.h"

namespace paprsek::ui {
namespace {

// The fields of each question, in their order.
enum Shop : std::size_t { shop_name };
enum Number : std::size_t { branch_number, till_number };
enum Place : std::size_t { country, currency, time_zone, spoken };
enum Chain : std::size_t { alone, invitation };
enum Administrator : std::size_t { administrator_name, pin, pin_again };

struct Country {
    const char* name;  // as it names itself
    const char* currency;
    const char* time_zone;
    const char* language;
};
constexpr Country countries[] = {{"Česko", "CZK", "Europe/Prague", "cs"},
                                 {"România", "RON", "Europe/Bucharest", "ro"},
                                 {"Slovensko", "EUR", "Europe/Bratislava", "cs"},
                                 {"Ireland", "EUR", "Europe/Dublin", "en"}};

std::size_t place_of_language(std::string_view name) {
    for (std::size_t i = 0; i < std::size(languages); ++i) {
        if (languages[i] == name) return i;
    }
    return 0;
}

std::optional<int> number_of(const std::string& text, int least, int most) {
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < least || number > most) return std::nullopt;
    return number;
}

bool is_currency(std::string_view text) {
    return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

void must(const node::Outcome& outcome) {
    if (!outcome.ok()) node::refuse("the first start", outcome.message, "");
}

}  // namespace

bool may_be_founded(const std::string& folder) {
    std::error_code error;
    return !std::filesystem::exists(folder, error) || (std::filesystem::is_directory(folder, error) && std::filesystem::is_empty(folder, error));
}

std::string found(const std::string& folder, const Founding& founding, const std::string& demo_data) {
    const std::string part = std::filesystem::path(folder).lexically_normal().string() + ".part";
    std::error_code error;
    std::filesystem::remove_all(part, error);  // of a first start that was cut off
    std::string answer;
    try {
        const auto made = node::Node::create(part, founding.info, node::system_clock(), node::system_random());
        node::Till till(*made, node::Keep::every_command);
        node::UserChange change;
        change.name = founding.administrator;
        change.add = true;
        change.pin = founding.pin;
        node::User user;
        must(till.change_user(change, user));
        if (!founding.invitation.empty()) {
            const std::string text = node::read_file(founding.invitation, 1u << 20);
            const sync::Bytes bytes = sync::accept_invitation(*made, text, node::base_name(founding.invitation));
            answer = answer_file(founding.invitation);
            sync::write_atomically(answer, bytes);
        } else if (founding.demo) {
            for (const char* file : {"groups.csv", "products.csv"}) node::import_catalogue(*made, demo_data + "/" + file);
            node::import_customers(*made, demo_data + "/customers.csv");
        }
    } catch (...) {
        std::filesystem::remove_all(part, error);
        throw;
    }
    std::filesystem::rename(part, folder, error);
    if (error) throw node::Error(node::Exit::operating, folder, error.message());
    return answer;
}

FirstStart::FirstStart(std::string folder, std::string demo_data, Open open)
    : folder_(std::move(folder)), demo_data_(std::move(demo_data)), open_(std::move(open)) {
    make_forms();
}

void FirstStart::make_forms() {
    const std::array<Form, questions> before = forms_;
    for (Form& form : forms_) form.clear();
    const auto kept = [&](std::size_t question, std::size_t field, const char* otherwise) {
        return before[question].empty() ? std::string(otherwise) : before[question].text(field);
    };
    forms_[0].add_text(tr("The shop's name, as on the receipts"), {.length_max = 80, .placeholder = tr("e.g. Corner shop")}, kept(0, shop_name, ""));
    const FormText digits{.accepts = TextField::Accepts::digits, .length_max = 4};
    forms_[1].add_text(tr("Number of the branch, 1 to 9999"), digits, kept(1, branch_number, "1"));
    forms_[1].add_text(tr("Number of the till, 1 to 99"), digits, kept(1, till_number, "1"));
    std::vector<std::string> names;
    for (const Country& each : countries) names.emplace_back(each.name);
    const Country& chosen = countries[country_];
    forms_[2].add_choice(tr("Country"), names, country_);
    forms_[2].add_text(tr("Currency, three letters"), {.accepts = TextField::Accepts::code, .length_max = 3}, chosen.currency);
    forms_[2].add_text(tr("Time zone"), {.accepts = TextField::Accepts::code, .length_max = 40}, chosen.time_zone);
    forms_[2].add_choice(tr("Language"), {"English", "Čeština", "Română"}, place_of_language(language()));
    forms_[3].add_choice(tr("The shop"), {tr("stands alone"), tr("joins a chain")}, before[3].empty() ? 0 : before[3].chosen(alone));
    forms_[3].add_text(tr("HQ's invitation: a file"), {.length_max = 500}, kept(3, invitation, ""));
    forms_[4].add_text(tr("The administrator's name"), {.length_max = 60}, kept(4, administrator_name, ""));
    const FormText secret{.accepts = TextField::Accepts::digits, .length_max = 12, .secret = true};
    forms_[4].add_text(tr("PIN, 4 to 12 digits"), secret);
    forms_[4].add_text(tr("The same PIN again"), secret);
    forms_[3].set_shown(invitation, forms_[3].chosen(alone) == 1);
}

/// The country proposes the rest, and the language is spoken at once.
void FirstStart::take_country() {
    const std::size_t chosen = forms_[2].chosen(country);
    const std::size_t focused = forms_[2].focused();
    if (chosen != country_) {
        country_ = chosen;
        set_language(countries[chosen].language);
    } else if (languages[forms_[2].chosen(spoken)] != language()) {
        set_language(languages[forms_[2].chosen(spoken)]);
    } else {
        return;
    }
    const std::string money = forms_[2].text(currency), zone = forms_[2].text(time_zone);
    const bool by_language = focused == spoken;
    make_forms();
    if (by_language) {
        forms_[2].set_text(currency, money);
        forms_[2].set_text(time_zone, zone);
    }
    forms_[2].focus(focused);
}

void FirstStart::follow() {
    wrong_.clear();
    if (at_ == 2) take_country();
    if (at_ == 3) {
        forms_[3].set_shown(invitation, forms_[3].chosen(alone) == 1);
        look_at_invitation();
    }
}

void FirstStart::choose_invitation() {
    choosing_ = true;
    chooser_.begin({FileChooser::Mode::open, "", "", {}});
}

void FirstStart::take_invitation(const std::filesystem::path& file) {
    forms_[3].set_chosen(alone, 1);
    forms_[3].set_shown(invitation, true);
    forms_[3].set_text(invitation, file.string());
    follow();
}

void FirstStart::look_at_invitation() {
    const std::string& file = forms_[3].text(invitation);
    if (file == std::exchange(looked_at_, file)) return;
    invited_.reset();
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return;
    try {
        invited_ = sync::parse_invitation(node::read_file(file, 1u << 20), node::base_name(file));
    } catch (const node::Error&) {
        return;  // it is none
    }
    // It knows which till it invites, and in what the chain counts.
    forms_[1].set_text(branch_number, std::to_string(invited_->node.branch));
    forms_[1].set_text(till_number, std::to_string(invited_->node.till));
    forms_[2].set_text(currency, invited_->currency);
}

/// What is wrong with the answer in sight; empty = nothing.
std::string FirstStart::fault() const {
    const Form& form = forms_[at_];
    switch (at_) {
        case 0:
            if (node::trim(form.text(shop_name)).empty()) return tr("The shop needs a name.");
            break;
        case 1:
            if (!number_of(form.text(branch_number), 1, 9999)) return tr("A branch has a number from 1 to 9999.");
            if (!number_of(form.text(till_number), 1, 99)) return tr("A till has a number from 1 to 99.");
            break;
        case 2:
            if (!is_currency(form.text(currency))) return tr("A currency has three letters, such as CZK.");
            try {
                node::TimeZone{form.text(time_zone)};
            } catch (const node::Error&) {
                return tr("There is no such time zone; one is written like Europe/Prague.");
            }
            break;
        case 3:
            if (form.chosen(alone) == 0 || invited_) break;
            if (!std::filesystem::exists(form.text(invitation))) return tr("There is no such file.");
            return tr("That is no invitation. Choose the file that HQ made for this till.");
        case 4:
            if (node::trim(form.text(administrator_name)).empty()) return tr("The administrator needs a name.");
            if (!node::is_pin(form.text(pin))) return tr("A PIN has 4 to 12 digits.");
            if (form.text(pin) != form.text(pin_again)) return tr("The two PINs differ.");
            break;
        default: break;
    }
    return {};
}

/// Of two PINs that differ nobody sees which digit was wrong: both are typed again.
bool FirstStart::refused() {
    wrong_ = fault();
    if (wrong_ == tr("The two PINs differ.")) {
        for (const std::size_t field : {pin, pin_again}) forms_[at_].set_text(field, "");
        forms_[at_].focus(pin);
    }
    return !wrong_.empty();
}

void FirstStart::next() {
    if (refused()) return;
    if (at_ + 1 < questions) {
        ++at_;
        forms_[at_].focus(0);
    } else {
        found_it(false);
    }
}

void FirstStart::back() {
    wrong_.clear();
    if (at_ > 0) --at_;
}

Founding FirstStart::answers() const {
    Founding founding;
    founding.info.name = std::string(node::trim(forms_[0].text(shop_name)));
    founding.info.node = {*number_of(forms_[1].text(branch_number), 1, 9999), *number_of(forms_[1].text(till_number), 1, 99)};
    founding.info.currency = forms_[2].text(currency);
    for (char& letter : founding.info.currency) letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    founding.info.time_zone = forms_[2].text(time_zone);
    founding.info.locale = language();
    if (forms_[3].chosen(alone) == 1 && invited_) {  // whatever was typed after it was read
        founding.invitation = forms_[3].text(invitation);
        founding.info.node = invited_->node;
        founding.info.currency = invited_->currency;
    }
    founding.administrator = std::string(node::trim(forms_[4].text(administrator_name)));
    founding.pin = forms_[4].text(pin);
    return founding;
}

void FirstStart::found_it(bool demo) {
    if (work_.running() || refused()) return;
    Founding founding = answers();
    founding.demo = demo;
    pin_ = founding.pin;
    work_.start([folder = folder_, founding, data = demo_data_](Progress&) { return found(folder, founding, data); });
}

bool FirstStart::tick(double now) {
    if (till_) return till_->tick(now);
    if (choosing_) {
        const bool changed = chooser_.tick();
        const auto file = chooser_.take();
        if (!file) return changed;
        choosing_ = false;
        take_invitation(*file);
        return true;
    }
    if (!work_.running()) return false;
    try {
        const auto answer = work_.take();
        if (!answer) return true;
        const std::string sentence = answer->empty() ? std::string() : fill_in(tr("Carry this file to headquarters: {}"), {*answer});
        till_ = open_(pin_, sentence);
    } catch (const node::Error& error) {
        wrong_ = refusal_text({}, error.why(), error.hint());
    } catch (const std::exception& error) {
        wrong_ = error.what();
    }
    return true;
}

void FirstStart::key(const KeyPress& press) {
    if (till_) {
        till_->key(press);
        return;
    }
    if (work_.running()) return;
    if (choosing_) {
        if (press.is(GLFW_KEY_ESCAPE)) choosing_ = false;
        else chooser_.handle(press);
        return;
    }
    if (press.enter()) {
        next();
    } else if (press.is(GLFW_KEY_ESCAPE)) {
        back();
    } else if (press.is(GLFW_KEY_F5) && at_ + 1 == questions && forms_[3].chosen(alone) == 0) {
        found_it(true);
    } else if (press.is(GLFW_KEY_F3) && at_ == 3 && forms_[3].chosen(alone) == 1) {
        choose_invitation();
    } else {
        forms_[at_].key(press);
        follow();
    }
}

void FirstStart::scan(const std::string& text) {
    if (till_) till_->scan(text);
}

void FirstStart::burst(const Burst& burst) {
    if (till_) till_->burst(burst);
}

void FirstStart::drop(const std::vector<std::filesystem::path>& files) {
    if (till_) {
        till_->drop(files);
    } else if (at_ == 3 && !files.empty()) {
        choosing_ = false;
        take_invitation(files.front());
    }
}

void FirstStart::draw_progress(Ui& ui, Rect rect) {
    const Theme& t = ui.theme;
    const char* names[questions] = {tr("Shop"), tr("Number"), tr("Place"), tr("Chain"), tr("Administrator")};
    for (std::size_t i = 0; i < questions; ++i) {
        Rect cell = rect.cell(static_cast<int>(i), static_cast<int>(questions), 0, 1, space::s);
        ui.canvas.fill(cell.cut_top(5, space::s), i <= at_ ? t.accent : t.line, 2.5F);
        ui.canvas.text(cell, names[i], i == at_ ? Type::caption_strong : Type::caption, i == at_ ? t.accent : t.ink_soft);
    }
}

void FirstStart::draw_question(Ui& ui, Rect rect) {
    const char* titles[questions] = {tr("What is the shop called?"), tr("Which till is this?"), tr("Where is it?"), tr("Alone, or in a chain?"),
                                     tr("Who looks after it?")};
    const char* sentences[questions] = {
        tr("It is printed on every receipt."), tr("The first till of the first shop is 1 and 1. Headquarters gives the numbers of a chain."),
        tr("The currency stays for good; the language can be changed at any time."),
        tr("A shop that stands alone needs nobody. One of a chain takes its goods and prices from headquarters."),
        tr("The administrator logs in by this PIN and adds the cashiers.")};
    ui.canvas.text(rect.cut_top(36), titles[at_], Type::figure, ui.theme.ink);
    ui.canvas.paragraph(rect.cut_top(46, space::s), sentences[at_], Type::body, ui.theme.ink_soft);
    if (forms_[at_].draw(ui, rect.cut_top(forms_[at_].height(), space::m), 1, true)) follow();
    if (at_ == 3 && forms_[3].chosen(alone) == 1) draw_invitation(ui, rect.cut_top(invited_ ? 110 : 46, space::m));
    if (!wrong_.empty()) notice(ui, rect.cut_top(52), Tone::danger, Icon::exclamation, wrong_);
}

/// Where the file is looked for, and what it says: it has the till's number, whatever was answered before.
void FirstStart::draw_invitation(Ui& ui, Rect rect) {
    Rect row = rect.cut_top(46, space::m);
    if (button(ui, row.cut_left(260, space::m), {.label = tr("Choose the file…"), .key = "F3", .icon = Icon::folder})) choose_invitation();
    ui.canvas.text(row, tr("or drop it into this window"), Type::caption, ui.theme.ink_soft);
    if (!invited_) return;
    const std::string number = fill_in(tr("{} invites till {}: that is this till's number."), {invited_->hq_name, node::print(invited_->node)});
    notice(ui, rect, Tone::go, Icon::check_circle, number);
}

void FirstStart::draw_foot(Ui& ui, Rect rect) {
    if (work_.running()) {
        progress_bar(ui, rect.middle(rect.w, 8), std::nullopt);
        return;
    }
    const bool last = at_ + 1 == questions;
    if (button(ui, rect.cut_left(150), {.label = tr("Back"), .key = "Esc", .enabled = at_ > 0})) back();
    const Button on{.label = last ? tr("Start selling") : tr("Next"), .key = "Enter", .tone = last ? Tone::go : Tone::accent, .look = ButtonLook::solid};
    if (button(ui, rect.cut_right(220, space::s), on)) {
        next();
    } else if (last && forms_[3].chosen(alone) == 0 &&
               button(ui, rect.cut_right(250), {.label = tr("Try it with demo data"), .key = "F5", .icon = Icon::gift})) {
        found_it(true);
    }
}

void FirstStart::draw(Ui& ui, Rect area) {
    if (till_) {
        till_->draw(ui, area);
        return;
    }
    Rect strip = area.cut_top(60);
    ui.canvas.fill(strip, ui.theme.strip);
    Rect inside_strip = strip.inset(space::l, space::s);
    draw_mark(ui, inside_strip.cut_left(40, space::s));
    ui.canvas.text(inside_strip, tr("A new till in five questions"), Type::title, ui.theme.on_strip);
    if (choosing_) {
        bool closed = false;
        chooser_.draw(ui, sheet(ui, area.inset(space::l), {Icon::folder, tr("HQ's invitation"), tr("Choose the file"), "Esc"}, closed));
        if (closed) choosing_ = false;
        if (ui.pointer.released) ui.redraw_at(ui.now);
        return;
    }
    Rect inside = card(ui, area.middle(std::min(area.w - 2 * space::l, 780.0F), std::min(area.h - 2 * space::l, 600.0F)), space::xl);
    draw_progress(ui, inside.cut_top(34, space::l));
    const Rect foot = inside.cut_bottom(50);
    inside.cut_bottom(space::m);
    draw_question(ui, inside);
    draw_foot(ui, foot);
    if (ui.pointer.released) ui.redraw_at(ui.now);
}

}  // namespace paprsek::ui
