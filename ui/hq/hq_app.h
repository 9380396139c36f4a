// The window of headquarters: a rail of pages on the left, the chain's figures on top, one page below.
#pragma once
#include <array>
#include <memory>

#include "ui/hq/console.h"

namespace paprsek::ui {

class HqApp final : public App {
public:
    HqApp(std::string folder, hq::Status first, ShellOptions& options);

    void key(const KeyPress& press) override;
    void burst(const Burst&) override {}
    void scan(const std::string& text) override;
    void drop(const std::vector<std::filesystem::path>& files) override;
    bool tick(double now) override;
    void draw(Ui& ui, Rect area) override;
    bool settled() const override;
    bool show(const std::string& screen) override;

    void open(PageName page);
    /// Imports these at once, as if they had been dropped.
    void import(const std::vector<std::filesystem::path>& files) {
        open(PageName::inbox);
        drop(files);
    }

private:
    Page& page() { return *pages_[static_cast<std::size_t>(open_)]; }
    void draw_rail(Ui& ui, Rect rect);
    void draw_figures(Ui& ui, Rect rect);

    Console console_;
    ShellOptions& options_;
    std::array<std::unique_ptr<Page>, 8> pages_;
    PageName open_ = PageName::branches;
};

}  // namespace paprsek::ui
