#include "ui/hq/hq_app.h"

#include <algorithm>

#include "ui/brand.h"

namespace paprsek::ui {
namespace {

struct PageEntry {
    const char* title;
    const char* sentence;
    const char* cap;
    int key;
    Icon icon;
};

PageEntry entry_of(PageName page) {
    switch (page) {
        case PageName::branches: return {tr("Branches"), tr("Which branches reported, when, and what is missing"), "F2", GLFW_KEY_F2, Icon::sitemap};
        case PageName::inbox: return {tr("Inbox"), tr("Bring in what the branches sent"), "F3", GLFW_KEY_F3, Icon::inbox};
        case PageName::balances: return {tr("Balances"), tr("Points, spend and debt of every customer, merged"), "F4", GLFW_KEY_F4, Icon::users};
        case PageName::exceptions: return {tr("To check"), tr("What does not match, why, and what to do"), "F6", GLFW_KEY_F6, Icon::bell};
        case PageName::catalogue: return {tr("Catalogue"), tr("Goods and prices of the chain, and tables that change them"), "F7", GLFW_KEY_F7, Icon::tags};
        case PageName::customers: return {tr("Customers"), tr("Terms, limits and cards, and tables that change them"), "F9", GLFW_KEY_F9, Icon::id_card};
        case PageName::policy: return {tr("Policy"), tr("What holds for prices, points and tax in every branch"), "F10", GLFW_KEY_F10, Icon::gift};
        case PageName::reports: return {tr("Reports"), tr("What all branches together sold, hold and are owed"), "F11", GLFW_KEY_F11, Icon::list};
    }
    return {};
}

constexpr PageName all_pages[] = {PageName::branches,  PageName::inbox,     PageName::balances, PageName::exceptions,
                                  PageName::catalogue, PageName::customers, PageName::policy,   PageName::reports};

}  // namespace

HqApp::HqApp(std::string folder, hq::Status first, ShellOptions& options)
    : console_(std::move(folder), std::move(first)),
      options_(options),
      pages_{make_branches_page(console_),  make_inbox_page(console_),     make_balances_page(console_), make_exceptions_page(console_),
             make_catalogue_page(console_), make_customers_page(console_), make_policy_page(console_),   make_reports_page(console_)} {
    open(PageName::branches);
}

void HqApp::open(PageName name) {
    open_ = name;
    page().enter();
}

bool HqApp::show(const std::string& screen) {
    const auto name = page_from(screen);
    if (name) open(*name);
    return name.has_value();
}

void HqApp::key(const KeyPress& press) {
    for (const PageName name : all_pages) {
        if (press.is(entry_of(name).key)) {
            open(name);
            return;
        }
    }
    if (press.is(GLFW_KEY_F5)) {
        console_.refresh();
    } else if (press.is(GLFW_KEY_F8)) {
        options_.theme = next_theme(options_.theme);
    } else {
        page().key(press);
    }
}

void HqApp::scan(const std::string& text) {
    if (page().scan(text)) return;
    // A card is looked up: its characters go to the page as if typed. Nowhere else do they mean what a key means.
    if (open_ != PageName::balances) open(PageName::balances);
    for (const char c : text) page().key(pressed(GLFW_KEY_UNKNOWN, static_cast<unsigned char>(c)));
    page().key(pressed(GLFW_KEY_ENTER));
}

void HqApp::drop(const std::vector<std::filesystem::path>& files) {
    if (files.empty() || !page().takes(files.front())) open(PageName::inbox);
    page().drop(files);
}

bool HqApp::tick(double now) {
    bool changed = console_.tick(now);
    for (const auto& each : pages_) changed = each->tick() || changed;
    return changed;
}

bool HqApp::settled() const {
    return console_.settled() && std::all_of(pages_.begin(), pages_.end(), [](const auto& each) { return each->settled(); });
}

void HqApp::draw_rail(Ui& ui, Rect rect) {
    const Theme& t = ui.theme;
    ui.canvas.fill(rect, t.strip);
    if (t.name != ThemeName::light) ui.canvas.line({rect.right() - 1, rect.y}, {rect.right() - 1, rect.bottom()}, t.strip_line);
    Rect inside = rect.inset(space::m);
    Rect head = inside.cut_top(56, space::l);
    draw_mark(ui, head.cut_left(42, space::s));
    ui.canvas.text(head.cut_top(head.h / 2 + 3), console_.status.info.name, Type::title, t.on_strip);
    ui.canvas.text(head, tr("Headquarters"), Type::caption, t.on_strip_soft);
    for (const PageName name : all_pages) {
        const PageEntry entry = entry_of(name);
        Rect row = inside.cut_top(48, space::xs);
        const bool selected = name == open_;
        if (selected) ui.canvas.fill(row, t.on_strip.alpha(0.13F), radius::control);
        else if (ui.hovered(row)) ui.canvas.fill(row, t.on_strip.alpha(0.07F), radius::control);
        if (selected) ui.canvas.fill({row.x, row.y + 10, 3, row.h - 20}, t.brand, 1.5F);
        Rect line = row.inset(space::m, 0);
        ui.canvas.icon(line.cut_left(24, space::m), entry.icon, IconSize::medium, selected ? t.brand : t.on_strip_soft);
        key_cap(ui, line, entry.cap, t.on_strip_soft, t.on_strip_soft.alpha(0.4F));
        ui.canvas.text(line, entry.title, Type::strong, selected ? t.on_strip : t.on_strip_soft);
        if (ui.clicked(row)) open(name);
    }
    Rect foot = inside.cut_bottom(44);
    if (button(ui, foot, {.label = tr("Colours"), .key = "F8", .icon = t.name == ThemeName::light ? Icon::moon : Icon::sun, .look = ButtonLook::strip}))
        key(pressed(GLFW_KEY_F8));
    inside.cut_bottom(space::m);
    ui.canvas.text(inside.cut_bottom(20), console_.words.date_time(console_.now()), Type::caption, t.on_strip_soft, Align::centre);
}

void HqApp::draw_figures(Ui& ui, Rect rect) {
    const Theme& t = ui.theme;
    const hq::Status& status = console_.status;
    constexpr std::int64_t day_ms = 86'400'000;
    const auto fresh = std::count_if(status.nodes.begin(), status.nodes.end(), [&](const hq::NodeStatus& node) {
        return node.last_seen && console_.now().ms - node.last_seen->ms < day_ms;
    });
    const auto nodes = static_cast<std::int64_t>(status.nodes.size());
    struct Figure {
        const char* label;
        std::string value;
        Icon icon;
        Tone tone;
    };
    const Figure figures[] = {
        {tr("Seen in 24 h"), fill_in("{} / {}", {std::to_string(fresh), std::to_string(nodes)}), Icon::sitemap,
         fresh == nodes ? Tone::go : Tone::warn},
        {tr("Facts held"), console_.words.count(status.facts), Icon::chain, Tone::accent},
        {tr("Sales"), console_.words.count(status.sales), Icon::cart, Tone::accent},
        {tr("Customers"), console_.words.count(status.customers), Icon::users, Tone::accent},
        {tr("To check"), console_.words.count(status.exceptions), Icon::bell, status.exceptions > 0 ? Tone::danger : Tone::go},
    };
    const int count = static_cast<int>(std::size(figures));
    for (int i = 0; i < count; ++i) {
        const Figure& figure = figures[i];
        Rect inside = card(ui, rect.cell(i, count, 0, 1, space::m), space::m);
        const bool narrow = inside.w < 150;
        const Rect badge = inside.cut_left(narrow ? 34 : 44, narrow ? space::s : space::m).middle(narrow ? 34 : 44, narrow ? 34 : 44);
        ui.canvas.fill(badge, tone_soft(t, figure.tone), radius::control);
        ui.canvas.icon(badge, figure.icon, IconSize::medium, tone_color(t, figure.tone));
        labelled(ui, inside.middle(inside.w, 46), figure.label, figure.value, Type::title, t.ink);
    }
}

void HqApp::draw(Ui& ui, Rect area) {
    draw_rail(ui, area.cut_left(236));
    Rect body = area.inset(space::l);
    const PageEntry entry = entry_of(open_);
    Rect head = body.cut_top(52, space::m);
    const Rect toasts_at{head.x + head.w * 0.45F, head.y, head.w * 0.55F, head.h};
    ui.canvas.text(head.cut_top(32), entry.title, Type::figure, ui.theme.ink);
    ui.canvas.text(head, entry.sentence, Type::caption, ui.theme.ink_soft);
    draw_figures(ui, body.cut_top(76, space::l));
    page().draw(ui, body);
    // Beside the page's title: never over a table or a button.
    console_.toasts.draw(ui, toasts_at);
    if (ui.pointer.released) ui.redraw_at(ui.now);
}

}  // namespace paprsek::ui
