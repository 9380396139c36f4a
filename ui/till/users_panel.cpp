// Who works at the till: names, roles, PINs and badges (T11). The first user made here is the administrator.
#include "node/users.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/policy_terms.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class UsersPanel final : public Panel {
public:
    explicit UsersPanel(Desk& desk) : desk_(desk) {
        load();
        list_.selected = users_.empty() ? -1 : 0;
        show();
    }

    Cover cover() const override { return Cover::whole; }

    /// Keys that came while a user was being saved are for what is there after it.
    bool tick() override {
        if (!saving_ || desk_.beside().running()) return false;
        saving_ = false;
        for (const KeyPress& press : std::exchange(held_, {})) {
            if (!key(press) && press.is(GLFW_KEY_ESCAPE)) desk_.back();
        }
        return true;
    }

    bool key(const KeyPress& press) override {
        if (saving_) {
            held_.push_back(press);
            return true;
        }
        if (removing_) {
            if (press.enter()) remove();
            else if (press.is(GLFW_KEY_ESCAPE)) removing_ = false;
            return true;
        }
        if (editing_) {
            if (press.enter() || press.is(GLFW_KEY_F3)) save();
            else if (press.is(GLFW_KEY_ESCAPE)) stop();
            else form_.key(press);
            return true;
        }
        if (press.is(GLFW_KEY_INSERT)) add();
        else if (press.is(GLFW_KEY_DELETE)) removing_ = chosen() != nullptr;
        else if (press.enter()) edit();
        else if (list_.handle(press, static_cast<int>(users_.size()))) show();
        else return press.character != 0;
        return true;
    }

    /// A badge goes into its field.
    bool scan(const std::string& text) override {
        if (!editing_ || saving_) return false;
        form_.set_text(badge_, text.substr(0, badge_max));
        form_.focus(badge_);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::users, tr("Users"), tr("Who works at this till, and what each may do"), "Esc"}, closed);
        if (closed) {
            if (editing_) stop();
            else desk_.back();
        }
        Rect right = inside.cut_right(std::max(380.0F, inside.w * 0.42F), space::l);
        draw_list(ui, inside);
        Rect card_inside = right;
        ui.canvas.fill(card_inside, ui.theme.sunken, radius::card);
        draw_user(ui, card_inside.inset(space::l));
    }

private:
    static constexpr std::size_t badge_max = 64;

    const node::User* chosen() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(users_.size()) ? &users_[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    void load() {
        desk_.guarded([&] { users_ = node::all_users(desk_.node.database()); });
        if (list_.selected >= static_cast<int>(users_.size())) list_.select(static_cast<int>(users_.size()) - 1);
    }

    /// The form as the chosen user stands, or empty for a new one.
    void show() {
        const node::User* user = adding_ ? nullptr : chosen();
        std::vector<std::string> roles;
        std::size_t role = 0;
        roles_.clear();
        for (const node::Role& each : desk_.policy().roles) {
            if (each.name == (user != nullptr ? user->role : users_.empty() ? std::string(node::administrator_role) : "cashier")) role = roles_.size();
            roles_.push_back(each.name);
            roles.push_back(role_name(each.name));
        }
        form_.clear();
        name_ = form_.add_text(tr("Name"), {.length_max = 60}, user != nullptr ? user->name : "");
        role_ = form_.add_choice(tr("Role"), roles, role);
        FormText pin{.accepts = TextField::Accepts::digits, .length_max = 12, .secret = true};
        if (user != nullptr && !user->pin.empty()) pin.placeholder = tr("stays as it is");
        pin_ = form_.add_text(tr("PIN, 4 to 12 digits"), pin);
        badge_ = form_.add_text(tr("Badge (scan it)"), {.accepts = TextField::Accepts::code, .length_max = badge_max}, user != nullptr ? user->badge : "");
    }

    void add() {
        adding_ = editing_ = true;
        show();
        form_.focus(name_);
    }
    void edit() {
        if (chosen() == nullptr) return;
        editing_ = true;
        show();
        form_.focus(name_);
    }
    void stop() {
        adding_ = editing_ = removing_ = false;
        show();
    }

    void save() {
        node::UserChange change;
        const node::User* user = adding_ ? nullptr : chosen();
        change.add = adding_;
        change.name = user != nullptr ? user->name : form_.text(name_);
        if (user != nullptr && form_.changed(name_)) change.rename = form_.text(name_);
        if (adding_ || form_.changed(role_)) change.role = roles_[form_.chosen(role_)];
        if (!form_.text(pin_).empty()) change.pin = form_.text(pin_);
        if (form_.changed(badge_)) change.badge = form_.text(badge_);
        const bool first = users_.empty();
        change_user(change, [this, first](const node::User& changed) {
            editing_ = adding_ = false;
            load();
            for (std::size_t i = 0; i < users_.size(); ++i) {
                if (users_[i].id == changed.id) list_.select(static_cast<int>(i));
            }
            show();
            desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("Saved: {}"), {changed.name}));
            if (first) desk_.toasts.show(Tone::accent, Icon::info_circle, tr("From now on whoever works here logs in."));
        });
    }

    void remove() {
        removing_ = false;
        const node::User* user = chosen();
        if (user == nullptr) return;
        node::UserChange change;
        change.name = user->name;
        change.remove = true;
        change_user(change, [this, name = user->name](const node::User&) {
            load();
            show();
            desk_.toasts.show(Tone::neutral, Icon::trash, fill_in(tr("Removed: {}"), {name}));
        });
    }

    /// A PIN is compared with everybody's, which takes a while.
    void change_user(const node::UserChange& change, std::function<void(const node::User&)> done) {
        const auto changed = std::make_shared<node::User>();
        desk_.act_beside(
            tr("Saving the user"), [change, changed](node::Till& session, node::Node&, Progress&) { return session.change_user(change, *changed); },
            alive_.only([changed, done = std::move(done)] { done(*changed); }));
        saving_ = true;
    }

    void draw_list(Ui& ui, Rect inside) {
        Rect foot = inside.cut_bottom(48);
        inside.cut_bottom(space::m);
        const bool idle = !editing_ && !removing_;
        const bool can = idle && chosen() != nullptr;
        switch (button_row(ui, foot,
                           {{.label = tr("Add"), .key = "Ins", .icon = Icon::plus, .enabled = idle},
                            {.label = tr("Edit"), .key = "Enter", .icon = Icon::pencil, .enabled = can},
                            {.label = tr("Remove"), .key = "Del", .icon = Icon::trash, .tone = Tone::danger, .enabled = can}})) {
            case 0:
                add();
                break;
            case 1:
                edit();
                break;
            case 2:
                removing_ = true;
                break;
            default:
                break;
        }
        if (users_.empty()) {
            empty_state(ui, inside, Icon::users, tr("No users yet"),
                        tr("Until there is one, everybody may do everything. The first one is the administrator."));
            return;
        }
        draw_permissions(ui, inside.cut_bottom(116, space::m));
        const Ui::PointerOff off(ui, !idle);
        const Column columns[] = {{tr("Name"), 0, 1}, {tr("Role"), 120, 0}, {tr("Logs in with"), 110, 0}};
        const ListEvents events = table(ui, inside, list_, columns, static_cast<int>(users_.size()), {.focused = idle}, [&](int i, auto cells) {
            const node::User& user = users_[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], user.name, Type::strong, ui.theme.ink);
            ui.canvas.text(cells[1], role_name(user.role), Type::body, ui.theme.ink_soft);
            const bool pin = !user.pin.empty(), badge = !user.badge.empty();
            const char* by = pin && badge ? tr("PIN, badge") : pin ? tr("PIN") : badge ? tr("badge") : tr("nothing");
            ui.canvas.text(cells[2], by, Type::body, pin || badge ? ui.theme.ink_soft : ui.theme.warn);
        });
        if (events.clicked >= 0) show();
        if (events.activated >= 0) edit();
    }

    void draw_user(Ui& ui, Rect rect) {
        const node::User* user = chosen();
        if (user == nullptr && !adding_) {
            empty_state(ui, rect, Icon::user, tr("Nobody chosen"), tr("Ins makes a new user."));
            return;
        }
        ui.canvas.text(rect.cut_top(26, space::s), adding_ ? std::string(tr("New user")) : user->name, Type::title, ui.theme.ink);
        const Rect foot = editing_ || removing_ ? rect.cut_bottom(48) : Rect{};
        if (editing_ || removing_) rect.cut_bottom(space::m);
        {
            const Ui::PointerOff off(ui, removing_);
            if (form_.draw(ui, rect.cut_top(form_.height(), space::s), 1, editing_)) editing_ = true;
        }
        if (removing_) {
            notice(ui, rect.cut_top(60), Tone::danger, Icon::trash, fill_in(tr("Remove {}? Receipts keep the name."), {user->name}));
            if (button(ui, foot.cell(0, 2, 0, 1, space::s), {.label = tr("Keep"), .key = "Esc"})) removing_ = false;
            if (button(ui, foot.cell(1, 2, 0, 1, space::s), {.label = tr("Remove"), .key = "Enter", .tone = Tone::danger, .look = ButtonLook::solid}))
                remove();
            return;
        }
        if (!editing_) return;
        if (button(ui, foot.cell(0, 2, 0, 1, space::s), {.label = tr("Give up"), .key = "Esc"})) stop();
        else if (button(ui, foot.cell(1, 2, 0, 1, space::s), {.label = tr("Save"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid}))
            save();
    }

    /// What the role may not: shorter than what it may, and what a cashier is asked about. As broad as the list: beside it, it has no room.
    void draw_permissions(Ui& ui, Rect rect) {
        if (roles_.empty()) return;
        const std::string& role = roles_[form_.chosen(role_)];
        const node::Permissions may = node::permissions_of(desk_.policy(), role);
        std::string without;
        for (const node::PermissionEntry& entry : node::permission_table()) {
            if (may.has(entry.permission)) continue;
            if (!without.empty()) without += " · ";
            without += tr(std::string(entry.act).c_str());
        }
        ui.canvas.fill(rect, ui.theme.sunken, radius::control);
        Rect inside = rect.inset(space::m, space::s);
        const char* heading = without.empty() ? tr("May do everything") : tr("Needs a second person for");
        ui.canvas.text(inside.cut_top(22), role_name(role) + " · " + heading, Type::caption_strong, ui.theme.ink);
        ui.canvas.paragraph(inside, without, Type::caption, ui.theme.ink_soft);
    }

    Desk& desk_;
    std::vector<node::User> users_;
    std::vector<std::string> roles_;
    Alive alive_;
    ListState list_;
    Form form_;
    std::size_t name_ = 0, role_ = 0, pin_ = 0, badge_ = 0;
    std::vector<KeyPress> held_;
    bool editing_ = false, adding_ = false, removing_ = false, saving_ = false;
};

}  // namespace

std::unique_ptr<Panel> make_users_panel(Desk& desk) { return std::make_unique<UsersPanel>(desk); }

}  // namespace paprsek::ui
