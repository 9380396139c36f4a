// The printer of a till that has none: each receipt becomes a PDF in a folder, named by its number. Printing again writes the same
// file, so nothing is ever there twice and nothing is ever unknown.
#pragma once
#include <string>

#include "fiscal/device.h"
#include "fiscal/receipt/layout.h"

namespace paprsek::fiscal {

/// The profile of the name "pdf".
const Profile& pdf_profile();

class PdfDevice final : public Device {
public:
    /// The folder is made where it is missing; its parent has to be there.
    PdfDevice(std::string folder, Form form);

    const Profile& profile() const override { return pdf_profile(); }
    const std::string& address() const override { return folder_; }
    Reply connect() override;
    bool connected() const override { return connected_; }
    const Identity& identity() const override { return identity_; }
    Reply status(Status& status) override;

    std::optional<std::string> unfit(const Receipt& receipt) const override;
    std::vector<Step> plan(const Receipt& receipt) const override;
    /// The file is on the disk, whole, when this is done; where the disk refuses, it may be tried again.
    Reply perform(const Step& step, const Receipt& receipt) override;

    Reply cancel() override;
    Reply end_text() override { return {}; }
    Reply holding(Holding& holding) override;
    std::optional<std::string> printed_text(std::int64_t) override { return std::nullopt; }
    Reply vat_rates(std::vector<std::optional<node::Rate>>& rates) override;
    Reply clock(std::int64_t& local_seconds) override;
    Reply set_clock(std::int64_t) override;
    Reply report(ReportKind, DayReport& report) override;
    Reply move_cash(node::Money) override;
    Reply open_drawer() override;
    Reply display(const std::string&, const std::string&) override;
    Reply test_page() override;

private:
    Reply write(const Slip& slip, const std::string& name);
    std::string folder_;
    Form form_;
    Identity identity_;
    bool connected_ = false;
};

}  // namespace paprsek::fiscal
