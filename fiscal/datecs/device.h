// Datecs fiscal printers and registers, classic and X: the device interface in their two languages.
#pragma once
#include <functional>
#include <memory>

#include "fiscal/datecs/link.h"
#include "fiscal/device.h"
#include "fiscal/vat.h"

namespace paprsek::fiscal::datecs {

struct Options {
    Profile profile;
    std::string address;                               ///< for messages
    std::function<std::unique_ptr<Transport>()> open;  ///< may throw node::Error or LinkLost
    int operator_number = 1;
    std::string password;                     ///< empty = the profile's
    int till = 1;                             ///< number of the till as the device prints it
    unsigned char sequence = first_sequence;  ///< of the last message that was ever sent, where it is known
};

/// A device that speaks the profile's dialect.
std::unique_ptr<Device> make_device(Options options);

/// What answers on a line: sends the questions of both languages, which change nothing. Nothing = nobody did.
struct Found {
    const Profile* profile = nullptr;
    Identity identity;
};
std::optional<Found> detect(Transport& transport);

/// "12.90" or minor units "1290", with a sign or blanks; nothing where it is no amount.
std::optional<node::Money> parse_amount(std::string_view text);
/// The discount of a line as percent with two decimals by which the device comes to the same amount; nothing = there is none.
std::optional<node::Rate> percent_of_discount(node::Money gross, node::Money discount);
/// What the status bytes say; they differ between generations.
Status read_status(const Profile& profile, const std::vector<unsigned char>& bytes);

/// What both languages share: line, order of messages, steps.
class DatecsDevice : public Device {
public:
    explicit DatecsDevice(Options options);

    const Profile& profile() const override { return options_.profile; }
    const std::string& address() const override { return options_.address; }
    Reply connect() override;
    bool connected() const override { return link_ != nullptr; }
    const Identity& identity() const override { return identity_; }
    Reply status(Status& status) override;
    std::optional<std::string> unfit(const Receipt& receipt) const override;
    std::vector<Step> plan(const Receipt& receipt) const override;
    Reply perform(const Step& step, const Receipt& receipt) override;
    Reply cancel() override { return run(60, {}, Changes::something); }
    Reply end_text() override { return run(39, {}, Changes::something); }
    int slip_columns() const override;
    Reply print(const Slip& slip) override;
    Reply test_page() override;
    const Link::Traffic* traffic() const { return link_ ? &link_->traffic() : nullptr; }

protected:
    using Fields = std::vector<std::string>;
    /// Sends a command; `fields` gets the reply's parameters, of X without the error code.
    Reply run(int command, const std::string& data, Changes changes, Fields* fields = nullptr);
    Reply strange(int command, const Fields& fields) const;
    Reply letter_for(const std::string& group, const Receipt& receipt, int& letter);
    const std::string& password() const { return options_.password; }
    std::string encoded(const std::string& text, int max_bytes) const;

    virtual Form form() const = 0;
    virtual Fields split(const std::string& data) const = 0;
    /// The error that the parameters themselves tell (X); takes it off them.
    virtual Reply error_of(int command, Fields& fields, const Status& status) const = 0;
    virtual Reply read_identity(Identity& identity) = 0;
    virtual std::string open_data() const = 0;
    virtual std::string text_data(const std::string& text) const = 0;
    virtual std::string sale_data(const Line& line, int letter, bool strike) const = 0;
    virtual Reply pay(const Step& step) = 0;
    /// Number of the document from the reply of opening or closing.
    virtual std::int64_t document_of(const Fields& fields) const = 0;

    Options options_;
    Status last_status_;

private:
    Reply lost(const std::string& why);
    Reply print_lines(const std::vector<std::string>& lines);
    Step sale_step(const Line& line, node::Money paid) const;

    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Link> link_;
    unsigned char sequence_;
    Identity identity_;
    DeviceRates rates_;
};

std::unique_ptr<Device> make_classic(Options options);
std::unique_ptr<Device> make_x(Options options);

}  // namespace paprsek::fiscal::datecs
