// F7: goods and prices of the chain, searched as one types, each with its prices of lists and of days to come; a table of goods, groups or
// prices is taken over after a look at what it changes (C2, C4).
#include "node/imports.h"
#include "node/price_list.h"
#include "ui/hq/import_sheet.h"
#include "ui/hq/search.h"

namespace paprsek::ui {
namespace {

/// A product as it is drawn: the worker has written its figures.
struct Goods {
    node::ProductRow row;
    std::string price, cost, points, codes, linked, dealers;
    struct Listed {
        std::string list, from, price;
        bool begun = false;
    };
    std::vector<Listed> listed;  ///< by list and day
};

Goods goods_of(node::ProductRow row, const Words& words, node::Date today) {
    Goods goods;
    goods.price = words.bare_money(row.price);
    if (row.cost) goods.cost = words.bare_money(*row.cost);
    if (row.points) goods.points = words.points_column(*row.points);
    for (const std::string& code : row.codes) goods.codes += (goods.codes.empty() ? "" : ", ") + code;
    goods.linked = row.linked;
    std::replace(goods.linked.begin(), goods.linked.end(), '|', ' ');
    for (const node::DealerDiscount& each : node::parse_dealers(row.dealers).value_or(std::vector<node::DealerDiscount>{}))
        goods.dealers += (goods.dealers.empty() ? "" : ", ") + each.dealer + " " + words.percent(each.percent);
    for (const node::ListedPrice& each : node::parse_listed_prices(row.prices).value_or(std::vector<node::ListedPrice>{}))
        goods.listed.push_back({each.list, words.date(each.from), words.bare_money(each.price), each.from <= today});
    goods.row = std::move(row);
    return goods;
}

class CataloguePage final : public Page {
public:
    explicit CataloguePage(Console& console)
        : console_(console), search_(console, [words = console.words, zone = node::TimeZone(console.status.info.time_zone)](
                                                  hq::Headquarters& headquarters, const std::string& text, std::size_t most) {
              const node::Date today = zone.local(node::system_clock().now()).date;
              std::vector<Goods> goods;
              for (node::ProductRow& row : headquarters.products(text, most)) goods.push_back(goods_of(std::move(row), words, today));
              return goods;
          }) {}

    void enter() override { search_.want(); }
    bool settled() const override { return search_.settled() && import_.settled(); }
    bool takes(const std::filesystem::path& file) const override { return looks_like_table(file); }
    void drop(const std::vector<std::filesystem::path>& files) override { import_.read(table(), files.front()); }
    bool scan(const std::string& text) override { return import_.open() || search_.look_for(text); }

    bool key(const KeyPress& press) override {
        if (import_.key(press) || act_by_key(actions(), press)) return true;
        if (press.is(GLFW_KEY_TAB)) {
            at_prices_ = !at_prices_ && search_.chosen() != nullptr && !search_.chosen()->listed.empty();
            return true;
        }
        if (at_prices_ && (press.key == GLFW_KEY_UP || press.key == GLFW_KEY_DOWN) && search_.chosen() != nullptr)
            return prices_.handle(press, static_cast<int>(search_.chosen()->listed.size()));
        at_prices_ = false;
        return search_.key(press);
    }

    bool tick() override {
        const bool changed = import_.tick();
        if (import_.take_done()) search_.want();
        return search_.tick() || changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (import_.draw(ui, area)) return;
        Rect inside = card(ui, area);
        Rect head = inside.cut_top(50, space::s);
        draw_actions(ui, head.cut_right(250, space::m), actions());
        search_.draw_field(ui, head, tr("Name or code; a scan finds as well"));
        if (search_.found().empty()) {
            const bool none = search_.empty_field() && !search_.looking();
            empty_state(ui, inside, Icon::tags, search_.looking() ? tr("Looking…") : none ? tr("No products yet") : tr("No product has such a name"),
                        none ? tr("Drop a table of goods here, or choose it: what it brings is shown first.")
                             : tr("Fewer letters find more; marks over letters do not matter."));
            return;
        }
        const Goods* chosen = search_.chosen();
        if (chosen != nullptr) draw_detail(ui, inside.cut_right(std::clamp(inside.w * 0.36F, 330.0F, 520.0F), space::l), *chosen);
        draw_table(ui, inside);
    }

private:
    ImportSheet::Table table() {
        ImportSheet::Table table{tr("Goods from a file"), tr("Goods, prices or groups"),
                                 "code, name, group, price, vat, cost, points, dealer_discounts, linked · code, list, from, price · "
                                 "group, parent, excluded",
                                 {}, {}, {}, {}};
        table.read = [words = console_.words](hq::Headquarters& headquarters, const std::string& file, const ImportSheet::Asked& asked) {
            return read_catalogue(headquarters, file, asked.preview, words);
        };
        return table;
    }

    std::vector<Action> actions() {
        return {{tr("From a file…"), Icon::download, GLFW_KEY_I, [this] { import_.choose(table()); }, true, Tone::accent, ButtonLook::solid}};
    }

    void draw_table(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        std::vector<Column> columns = {{tr("Product"), 0, 1}, {tr("VAT"), 44, 0}, {tr("Points"), 84, 0, Align::right}, {tr("Price"), 96, 0, Align::right}};
        const bool wide = rect.w > 620;
        if (wide) columns.insert(columns.begin() + 1, {tr("Group"), rect.w * 0.2F, 0});
        const auto& found = search_.found();
        const ListLook look{.row_height = 46, .focused = !at_prices_};
        const ListEvents events = ui::table(ui, rect, search_.list, columns, static_cast<int>(found.size()), look, [&](int i, auto cells) {
            const Goods& goods = found[static_cast<std::size_t>(i)];
            Rect name = cells[0].inset(0, 4);
            if (!goods.listed.empty()) ui.canvas.icon(name.cut_right(20), Icon::clock, IconSize::small, t.accent);
            ui.canvas.text(name.cut_top(name.h / 2 + 1), goods.row.name, Type::strong, t.ink);
            ui.canvas.text(name, goods.row.key, Type::caption, t.ink_faint);
            std::size_t c = 1;
            if (wide) ui.canvas.text(cells[c++], goods.row.group, Type::caption, t.ink_soft);
            ui.canvas.text(cells[c++], goods.row.vat, Type::caption, t.ink_soft);
            ui.canvas.number(cells[c++], goods.points, Type::body, t.accent);
            ui.canvas.number(cells[c], goods.price, Type::strong, t.ink);
        });
        if (events.clicked >= 0) at_prices_ = false;
    }

    void draw_detail(Ui& ui, Rect rect, const Goods& goods) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::card);
        Rect inside = rect.inset(space::l);
        inside.cut_top(ui.canvas.paragraph({inside.x, inside.y, inside.w, 54}, goods.row.name, Type::title, t.ink), space::xs);
        inside.cut_top(ui.canvas.paragraph({inside.x, inside.y, inside.w, 40}, goods.codes, Type::caption, t.ink_soft), space::m);
        Rect figures = inside.cut_top(48, space::s);
        labelled(ui, figures.cell(0, 2, 0, 1, space::s), tr("Price"), goods.price, Type::strong, t.ink);
        labelled(ui, figures.cell(1, 2, 0, 1, space::s), tr("Cost"), goods.cost.empty() ? "–" : goods.cost, Type::strong, t.ink);
        figures = inside.cut_top(48, space::s);
        labelled(ui, figures.cell(0, 2, 0, 1, space::s), tr("VAT"), goods.row.vat, Type::strong, t.ink);
        labelled(ui, figures.cell(1, 2, 0, 1, space::s), tr("Points"), goods.points.empty() ? tr("by policy") : goods.points.c_str(), Type::strong, t.accent);
        labelled(ui, inside.cut_top(48, space::s), tr("Group"), goods.row.group.empty() ? "–" : goods.row.group, Type::strong, t.ink);
        const auto line = [&](const char* label, const std::string& text) {
            if (text.empty() || inside.h < 90) return;
            inside.cut_top(ui.canvas.paragraph({inside.x, inside.y, inside.w, 40}, fill_in("{}: {}", {label, text}), Type::caption, t.ink_soft), space::xs);
        };
        line(tr("Prices for dealers"), goods.dealers);
        line(tr("Sold along"), goods.linked);
        draw_prices(ui, inside, goods);
    }

    void draw_prices(Ui& ui, Rect rect, const Goods& goods) {
        const Theme& t = ui.theme;
        rect.cut_top(space::s);
        Rect head = rect.cut_top(24, space::xs);
        if (!goods.listed.empty()) key_cap(ui, head.cut_right(40), "Tab", t.ink_faint, t.ink_faint.alpha(0.5F));
        ui.canvas.text(head, tr("Future and list prices"), Type::caption_strong, t.ink);
        if (goods.listed.empty()) {
            ui.canvas.paragraph(rect, tr("None: every branch sells for the price above."), Type::caption, t.ink_soft);
            return;
        }
        if (seen_ != goods.row.key) {
            seen_ = goods.row.key;
            prices_ = {};
            prices_.selected = 0;
        }
        const Column columns[] = {{tr("From the day"), 0, 1}, {tr("Price"), 92, 0, Align::right}};
        ui::table(ui, rect, prices_, columns, static_cast<int>(goods.listed.size()), {.row_height = 44, .zebra = false, .focused = at_prices_},
                  [&](int i, auto cells) {
                      const Goods::Listed& each = goods.listed[static_cast<std::size_t>(i)];
                      const Color ink = each.begun ? t.ink : t.accent;
                      Rect when = cells[0].inset(0, 4);
                      ui.canvas.text(when.cut_top(when.h / 2 + 1), each.from, Type::body, ink);
                      ui.canvas.text(when, each.list.empty() ? tr("every branch") : each.list.c_str(), Type::caption, t.ink_soft);
                      ui.canvas.number(cells[1], each.price, Type::strong, ink);
                  });
    }

    Console& console_;
    Search<Goods> search_;
    ImportSheet import_{console_};
    ListState prices_;
    std::string seen_;
    bool at_prices_ = false;
};

}  // namespace

std::unique_ptr<Page> make_catalogue_page(Console& console) { return std::make_unique<CataloguePage>(console); }

}  // namespace paprsek::ui
