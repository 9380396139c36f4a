// All products (T1, T15): searched as one types, with what they cost; a new one, an old one's data. HQ keeps those of a chain.
#include "node/paper/labels.h"
#include "node/product_desk.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/favourites.h"
#include "ui/till/file_job.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

struct Goods {
    node::ProductRow row;
    node::Money price;  ///< of today
};

class CataloguePanel final : public Panel {
public:
    explicit CataloguePanel(Desk& desk) : desk_(desk), files_(desk), searching_(desk.background) { search(); }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !searching_.waiting() && files_.settled() && !files_.running(); }
    void returned() override {
        keep_row_ = true;
        search();
    }

    bool tick() override {
        bool changed = files_.tick(), answered = false;
        desk_.guarded([&] { answered = searching_.poll(); });
        if (answered) {
            changed = true;
            if (!std::exchange(keep_row_, false)) list_ = {};
            if (list_.selected < 0 && !found().empty()) list_.selected = 0;
        }
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (files_.key(press) || act_by_key(actions(), press)) return true;
        if (list_.handle(press, static_cast<int>(found().size()))) return true;
        if (!field_.handle(press)) return false;
        search();
        return true;
    }

    /// What is scanned here is looked for.
    bool scan(const std::string& text) override {
        field_.set(text);
        search();
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        const std::string count = desk_.words.count(static_cast<std::int64_t>(found().size()));
        const bool full = static_cast<int>(found().size()) == shown_max;
        const std::string below = fill_in(full ? tr("The first {}: type more to find others") : tr("{} found"), {count});
        Rect inside = sheet(ui, area, {Icon::tags, tr("Goods and prices"), below, "Esc"}, closed);
        if (closed) desk_.back();
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        if (desk_.status.hq_name)
            notice(ui, inside.cut_top(42, space::s), Tone::accent, Icon::info_circle,
                   tr("Headquarters keeps the products of this chain: they change with its next reply."));
        text_field(ui, inside.cut_top(48, space::s), field_,
                   {.placeholder = tr("Name or code; a scan finds as well"), .icon = Icon::search, .focused = true, .type = Type::title});
        if (found().empty()) {
            if (!searching_.waiting())
                empty_state(ui, inside, Icon::tags, field_.empty() ? tr("No products yet") : tr("No product has such a name"),
                            desk_.status.hq_name ? tr("They come with HQ's reply.") : tr("Ins makes a new product, F11 loads a price list."));
            return;
        }
        draw_table(ui, inside);
    }

private:
    static constexpr int shown_max = 100;

    const std::vector<Goods>& found() const {
        static const std::vector<Goods> nothing;
        return searching_.answered() ? searching_.result() : nothing;
    }

    void search() {
        searching_.ask([text = field_.text()](node::Node& branch) {
            std::vector<Goods> goods;
            for (const node::FoundProduct& each : node::search_products(branch.database(), text, shown_max, node::price_day(branch))) {
                if (auto row = node::product_row(branch.database(), each.key)) goods.push_back({std::move(*row), each.price});
            }
            return goods;
        });
    }

    void open(int row) {
        desk_.new_product.clear();
        desk_.product = row >= 0 && row < static_cast<int>(found().size()) ? found()[static_cast<std::size_t>(row)].row.key : std::string();
        desk_.open(PanelName::product);
    }

    void turn() {
        const node::ProductRow& row = found()[static_cast<std::size_t>(list_.selected)].row;
        favourites_.turn(row.key, row.name);
    }

    void ring_up() {
        const std::string key = found()[static_cast<std::size_t>(list_.selected)].row.key;
        desk_.act([this, key] { return desk_.till.scan(key); },
                  [this] {
                      desk_.select_last_line();
                      desk_.close();
                  });
    }

    /// T15: a sheet with a label of each product that is found, at today's price.
    void print_labels() {
        std::vector<node::Label> labels;
        for (const Goods& each : found()) labels.push_back({each.row.name, desk_.words.money(each.price), each.row.key});
        files_.begin(tr("Shelf labels"), {FileChooser::Mode::save, ".pdf", std::string(tr("labels")) + ".pdf", {}},
                     [labels = std::move(labels)](node::Node&, const std::filesystem::path& file, Progress&) {
                         node::write_labels(labels, file.string());
                         return fill_in(tr("{} is saved"), {file.filename().string()});
                     });
    }

    std::vector<Action> actions() {
        const bool any = list_.selected >= 0 && list_.selected < static_cast<int>(found().size());
        const bool favourite = any && favourites_.has(found()[static_cast<std::size_t>(list_.selected)].row.key);
        return {{tr("New product"), Icon::plus, GLFW_KEY_INSERT, [this] { open(-1); }, false, Tone::neutral, ButtonLook::outline, !desk_.status.hq_name},
                {tr("Favourite"), Icon::star, GLFW_KEY_F3, [this] { turn(); }, false, favourite ? Tone::accent : Tone::neutral, ButtonLook::outline, any},
                {tr("From a file"), Icon::download, GLFW_KEY_F11, [this] { desk_.open(PanelName::import_goods); }, false, Tone::neutral, ButtonLook::outline,
                 !desk_.status.hq_name},
                {tr("Labels"), Icon::print, GLFW_KEY_F5, [this] { print_labels(); }, false, Tone::neutral, ButtonLook::outline, !found().empty()},
                {tr("Put on the receipt"), Icon::cart, GLFW_KEY_T, [this] { ring_up(); }, true, Tone::neutral, ButtonLook::outline, any},
                {desk_.status.hq_name ? tr("Show") : tr("Edit"), desk_.status.hq_name ? Icon::search : Icon::pencil, GLFW_KEY_ENTER,
                 [this] { open(list_.selected); }, false, Tone::accent, ButtonLook::solid, any}};
    }

    void draw_table(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("Product"), 0, 1},
                                  {tr("Group"), 130, 0},
                                  {tr("VAT"), 50, 0},
                                  {tr("Cost"), 90, 0, Align::right},
                                  {tr("Points"), 90, 0, Align::right},
                                  {tr("Price"), 100, 0, Align::right}};
        const ListEvents events = table(ui, rect, list_, columns, static_cast<int>(found().size()), {}, [&](int i, auto cells) {
            const auto& [row, price] = found()[static_cast<std::size_t>(i)];
            Rect name = cells[0].inset(0, 4);
            if (favourites_.has(row.key)) ui.canvas.icon(name.cut_right(20), Icon::star, IconSize::small, t.accent);
            ui.canvas.text(name.cut_top(name.h / 2 + 1), row.name, Type::strong, t.ink);
            ui.canvas.text(name, row.key, Type::caption, t.ink_faint);
            ui.canvas.text(cells[1], row.group, Type::caption, t.ink_soft);
            ui.canvas.text(cells[2], row.vat, Type::caption, t.ink_soft);
            ui.canvas.number(cells[3], row.cost ? desk_.words.bare_money(*row.cost) : "", Type::body, t.ink_soft);
            ui.canvas.number(cells[4], row.points ? desk_.words.points_column(*row.points) : "", Type::body, t.accent);
            ui.canvas.number(cells[5], desk_.words.bare_money(price), Type::strong, t.ink);
        });
        if (events.activated >= 0) open(events.activated);
    }

    Desk& desk_;
    TextField field_;
    ListState list_;
    bool keep_row_ = false;
    FileJob files_;
    Favourites favourites_{desk_};
    Reading<std::vector<Goods>> searching_;
};

}  // namespace

std::unique_ptr<Panel> make_catalogue_panel(Desk& desk) { return std::make_unique<CataloguePanel>(desk); }

}  // namespace paprsek::ui
