// The first start (U5): five questions make a node of an empty folder, and the till sells.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <string>

#include "node/node.h"
#include "sync/message.h"
#include "ui/kit/file_chooser.h"
#include "ui/kit/form.h"
#include "ui/kit/shell.h"
#include "ui/kit/task.h"
#include "ui/kit/toasts.h"

namespace paprsek::ui {

/// What the five questions ask.
struct Founding {
    node::NodeInfo info;
    std::string invitation;      ///< HQ's file; empty: the shop stands alone
    std::string administrator;   ///< the first user's name
    std::string pin;
    bool demo = false;           ///< with goods and customers to try it with; not in a chain
};

/// Makes the node whole or not at all: in a folder beside, which takes the name at the end. Returns the file of the answer for HQ, or
/// nothing to carry. `demo_data`: a folder with groups, products and customers. Throws node::Error.
std::string found(const std::string& folder, const Founding& founding, const std::string& demo_data);

/// The folder is not there, or empty: somebody may found a till in it.
bool may_be_founded(const std::string& folder);

class FirstStart final : public App {
public:
    /// `open` makes the till of the folder, with the administrator logged in by this PIN, and a sentence to be told first.
    using Open = std::function<std::unique_ptr<App>(const std::string& pin, const std::string& sentence)>;
    FirstStart(std::string folder, std::string demo_data, Open open);

    void key(const KeyPress& press) override;
    void scan(const std::string& text) override;
    void burst(const Burst& burst) override;
    void drop(const std::vector<std::filesystem::path>& files) override;
    bool tick(double now) override;
    void draw(Ui& ui, Rect area) override;
    bool settled() const override { return till_ ? till_->settled() : !work_.running() && (!choosing_ || chooser_.settled()); }
    std::string where() const override { return till_ ? till_->where() : "first-start"; }
    Asked asked() const override { return till_ ? till_->asked() : Asked{}; }
    bool show(const std::string& screen) override { return till_ && till_->show(screen); }

private:
    static constexpr std::size_t questions = 5;
    void make_forms();
    void next();
    void back();
    void take_country();
    void follow();
    void choose_invitation();
    void take_invitation(const std::filesystem::path& file);
    void look_at_invitation();
    void draw_invitation(Ui& ui, Rect rect);
    std::string fault() const;
    bool refused();
    void found_it(bool demo);
    Founding answers() const;
    void draw_progress(Ui& ui, Rect rect);
    void draw_question(Ui& ui, Rect rect);
    void draw_foot(Ui& ui, Rect rect);

    std::string folder_, demo_data_;
    Open open_;
    std::array<Form, questions> forms_;
    std::size_t at_ = 0;
    std::size_t country_ = 0;
    std::string wrong_;
    FileChooser chooser_;
    bool choosing_ = false;
    std::string looked_at_;                        ///< the file that was read last
    std::optional<sync::Invitation> invited_;      ///< what it holds, where it is an invitation
    std::string pin_;
    Task<std::string> work_;
    std::unique_ptr<App> till_;
};

}  // namespace paprsek::ui
