// Setting a printer up: which model, where it hangs, how it prints. A view of the printer's screen.
#pragma once
#include <vector>

#include "fiscal/setting.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/printer_watch.h"

namespace paprsek::ui {

class PrinterSetup {
public:
    explicit PrinterSetup(Desk& desk) : desk_(desk) {}

    /// From what is set now.
    void begin();
    /// False for a key that means nothing here (Esc is the screen's).
    bool key(const KeyPress& press);
    /// True where it is done with.
    bool draw(Ui& ui, Rect area);

private:
    const fiscal::Profile& profile() const;
    void choose(int row);
    void fill_form();
    void read_form();
    void find();
    void save();
    void keep();
    void draw_models(Ui& ui, Rect area);
    void draw_found(Ui& ui, Rect area);

    Desk& desk_;
    fiscal::DeviceSetting setting_;
    ListState models_, found_;
    Form form_;
    std::size_t address_ = 0, mode_ = 0, number_ = 0, password_ = 0, first_ = 0, silent_ = 0;
    std::string wrong_;  ///< why it was not set
    bool has_address_ = false, has_fiscal_ = false, has_silent_ = false, done_ = false;
};

}  // namespace paprsek::ui
