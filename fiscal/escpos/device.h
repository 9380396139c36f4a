// Receipt printers by ESC/POS: the device interface without a fiscal memory.
//
// A document is done when the printer has said so (EscposModel::fence), or, on one that never says anything, when the line has taken
// it. Where the line breaks or the answer stays out, nobody can tell what is on the paper: Answer::unknown, and a person looks.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "fiscal/device.h"
#include "fiscal/escpos/encoder.h"
#include "fiscal/receipt/layout.h"

namespace paprsek::fiscal {

struct EscposOptions {
    const EscposModel* model = nullptr;
    std::string address;                               ///< for messages
    std::function<std::unique_ptr<Transport>()> open;  ///< may throw node::Error or LinkLost
    Form form;                                         ///< of receipts; its columns are the model's
    bool silent = false;                               ///< never answers (a line one way; cups: is so anyhow): then nothing is waited for
    bool second_drawer = false;                        ///< the drawer hangs on the other connector
};

class EscposDevice final : public Device {
public:
    explicit EscposDevice(EscposOptions options);

    const Profile& profile() const override { return *find_profile(options_.model->name); }
    const std::string& address() const override { return options_.address; }
    Reply connect() override;
    bool connected() const override { return line_ != nullptr; }
    const Identity& identity() const override { return identity_; }
    Reply status(Status& status) override;

    std::optional<std::string> unfit(const Receipt& receipt) const override;
    std::vector<Step> plan(const Receipt& receipt) const override;
    Reply perform(const Step& step, const Receipt& receipt) override;
    int slip_columns() const override { return options_.model->columns; }
    /// Any slip: settlements, reports, statements. Connects where it is not connected.
    Reply print(const Slip& slip) override;

    Reply cancel() override;
    Reply end_text() override { return {}; }
    Reply holding(Holding& holding) override;
    std::optional<std::string> printed_text(std::int64_t) override { return std::nullopt; }
    Reply vat_rates(std::vector<std::optional<node::Rate>>& rates) override;
    Reply clock(std::int64_t& local_seconds) override;
    Reply set_clock(std::int64_t local_seconds) override;
    Reply report(ReportKind kind, DayReport& report) override;
    Reply move_cash(node::Money amount) override;
    Reply open_drawer() override;
    Reply display(const std::string& first, const std::string& second) override;
    Reply test_page() override;

private:
    Reply send(ByteView bytes);
    Reply fence(int patience_ms);
    /// Bytes 10 04 n and the one byte that answers them; nothing = silence.
    std::optional<unsigned char> ask(unsigned char number);
    bool read_status(Status& status, bool& cutter);
    void drain();
    Reply lost(const std::string& why, Answer answer = Answer::unknown);

    EscposOptions options_;
    std::unique_ptr<Transport> line_;
    Identity identity_;
    unsigned fences_ = 0;
};

/// The page that shows the letters and what the model can do.
Slip escpos_test_page(const EscposModel& model);

}  // namespace paprsek::fiscal
