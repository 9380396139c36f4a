// The till's window: fixed regions, and one panel at a time over the right side.
#pragma once
#include <memory>
#include <string>

#include "ui/kit/shell.h"
#include "ui/till/approval_sheet.h"
#include "ui/till/desk.h"
#include "ui/till/receipt_pane.h"
#include "ui/till/tiles.h"

namespace paprsek::ui {

class TillApp final : public App {
public:
    /// `options.theme` follows F8.
    /// `printer` drives the till's printer and outlives this; nothing = receipts are shown only.
    TillApp(node::Node& node, node::Till& till, ShellOptions& options, fiscal::PrinterWorker* printer = nullptr);

    void key(const KeyPress& press) override;
    void scan(const std::string& text) override;
    void drop(const std::vector<std::filesystem::path>& files) override;
    bool tick(double now) override;
    void draw(Ui& ui, Rect area) override;
    bool settled() const override;

    void open(PanelName name);

private:
    bool function_key(const KeyPress& press);
    bool letter_key(const KeyPress& press);
    void follow_wishes();
    void leave();
    void draw_body(Ui& ui, Rect body);
    void tell_scanned();
    void draw_right(Ui& ui, Rect area);
    void draw_pad(Ui& ui, Rect area);
    void later(const std::optional<KeyPress>& press);

    Desk desk_;
    ShellOptions& options_;
    ReceiptPane receipt_;
    Tiles tiles_;
    ApprovalSheet approval_;
    std::unique_ptr<Panel> panel_;
    PanelName open_ = PanelName::none;
    std::optional<KeyPress> touched_;  ///< acted on after the frame, so that nothing drawn changes under it
    double looked_at_ = -10;
    std::int64_t minute_ = 0;
};

}  // namespace paprsek::ui
