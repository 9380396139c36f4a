// The till's window: fixed regions, and one panel at a time over the right side.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "ui/kit/shell.h"
#include "ui/till/approval_sheet.h"
#include "ui/till/desk.h"
#include "ui/till/frame.h"
#include "ui/till/login_pane.h"
#include "ui/till/receipt_pane.h"
#include "ui/till/tiles.h"

namespace paprsek::ui {

class TillApp final : public App {
public:
    /// `options` follows F8 and the settings. `printer` drives the till's printer and outlives this; nothing = receipts are shown only.
    TillApp(node::Node& node, node::Till& till, ShellOptions& options, const Settings& settings = {}, fiscal::PrinterWorker* printer = nullptr);

    void key(const KeyPress& press) override;
    void scan(const std::string& text) override;
    void burst(const Burst& burst) override;
    void drop(const std::vector<std::filesystem::path>& files) override;
    bool tick(double now) override;
    void draw(Ui& ui, Rect area) override;
    bool settled() const override;
    std::string where() const override;
    bool show(const std::string& screen) override;

    /// Forgets the screens that led here.
    void open(PanelName name);
    /// A sentence about something that went wrong before; empty = nothing did.
    void tell(const std::string& fault);

private:
    void act_on(const KeyPress& press);
    void take_held();
    void take_scan(const std::string& text);
    void note_outcome(const std::string& code);
    /// A screen from which another was opened, as it was left.
    struct Left {
        PanelName name;
        std::unique_ptr<Panel> panel;
    };
    void keep(Left left);
    bool is_badge(const std::string& code);
    std::unique_ptr<Panel> panel_of(PanelName name);
    bool function_key(const KeyPress& press);
    bool letter_key(const KeyPress& press);
    void put_aside();
    void undo_last_line();
    void follow_wishes();
    void open_from_here(PanelName name);
    void forget_screen();
    void leave();
    void follow_settings();
    void lock();
    void toggle(PanelName name);
    void touch_bar(BarButton button);
    void draw_body(Ui& ui, Rect body);
    void draw_panel(Ui& ui, Rect area);
    void tell_scanned();
    void read_ahead();
    void draw_right(Ui& ui, Rect area);
    void draw_pad(Ui& ui, Rect area);
    void later(const std::optional<KeyPress>& press);

    Desk desk_;
    ShellOptions& options_;
    ReceiptPane receipt_;
    Tiles tiles_;
    ApprovalSheet approval_;
    LoginPane login_;
    std::string spoken_ = language();
    std::string cashier_;              ///< who opened the panel
    bool was_out_ = false;             ///< the log-in was up at the last look
    double active_at_ = 0, now_ = 0;   ///< of the shell's clock: the last key, scan or touch; the last tick
    std::unique_ptr<Panel> panel_;
    PanelName open_ = PanelName::none;
    std::vector<Left> way_;  ///< the screens that led to this one
    std::map<std::pair<PanelName, std::string>, std::unique_ptr<Panel>> kept_;  ///< with its subject; left in the middle of what was entered there
    PanelName taken_by_ = PanelName::none;  ///< the last scan; none: the receipt
    std::deque<std::variant<KeyPress, std::string>> held_;  ///< keys and scans that came while a PIN was being checked
    bool noted_ = false;                    ///< the burst that comes as a scan next stands in the inspector
    std::vector<std::string> taken_keys_;   ///< those that stand on the open screen
    std::optional<BarButton> bar_touched_;  ///< as below, of the key bar
    std::optional<KeyPress> touched_;  ///< acted on after the frame, so that nothing drawn changes under it
    std::optional<double> settled_at_; ///< the first time, after which what scans ask of is read ahead
    bool ahead_begun_ = false;
    Task<bool> ahead_;
    double looked_at_ = -10;
    std::int64_t minute_ = 0;
};

}  // namespace paprsek::ui
