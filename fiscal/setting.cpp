#include "fiscal/setting.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>

#include "fiscal/datecs/device.h"
#include "fiscal/escpos/device.h"
#include "fiscal/escpos/model.h"
#include "fiscal/from_fact.h"
#include "fiscal/receipt/pdf_device.h"
#include "fiscal/transport.h"
#include "node/base/error.h"
#include "node/printing.h"

namespace paprsek::fiscal {
namespace {

constexpr std::array encodings = {"ascii", "cp1252", "cp1250", "cp852", "cp1251"};

int bounded(node::Fields& fields, const char* key, int usual, int least, int most) {
    if (!fields.has(key)) return usual;
    const std::int64_t value = fields.integer(key);
    if (value < least || value > most) fields.refuse_field(key, fmt::format("is not between {} and {}", least, most));
    return static_cast<int>(value);
}

}  // namespace

DeviceSetting parse_setting(std::string_view text, const std::string& what) {
    const node::Json json = node::parse_json(text, what, 64u << 10);
    node::Fields fields(json, what);
    DeviceSetting setting;
    setting.profile = fields.optional_text("profile").value_or("none");
    if (!find_profile(setting.profile)) fields.refuse_field("profile", fmt::format("is \"{}\", which is not known", setting.profile), profile_names());
    setting.address = fields.optional_text("address").value_or("");
    const auto mode = parse_mode(fields.optional_text("mode").value_or("asynchronous"));
    if (!mode) fields.refuse_field("mode", "is no mode", "asynchronous, synchronous or ecr");
    setting.mode = *mode;
    setting.operator_number = bounded(fields, "operator", 1, 1, 30);
    setting.password = fields.optional_text("password").value_or("");
    if (setting.password.size() > 8) fields.refuse_field("password", "is longer than 8 digits");
    setting.till = bounded(fields, "till", 1, 1, 99'999);
    setting.encoding = fields.optional_text("encoding").value_or("");
    if (!setting.encoding.empty() && std::find(encodings.begin(), encodings.end(), setting.encoding) == encodings.end())
        fields.refuse_field("encoding", "is not known", "ascii, cp1252, cp1250, cp852 or cp1251");
    setting.print_first = fields.flag("print_first", false);
    setting.silent = fields.flag("silent", false);
    setting.clock_tolerance_s = bounded(fields, "clock_tolerance", 300, 10, 86'400);
    fields.done();
    return setting;
}

node::Json json_of(const DeviceSetting& setting) {
    node::Json json = {{"profile", setting.profile},
                       {"address", setting.address},
                       {"mode", print(setting.mode)},
                       {"operator", setting.operator_number},
                       {"till", setting.till},
                       {"print_first", setting.print_first},
                       {"clock_tolerance", setting.clock_tolerance_s}};
    if (!setting.password.empty()) json["password"] = setting.password;
    if (setting.silent) json["silent"] = true;
    if (!setting.encoding.empty()) json["encoding"] = setting.encoding;
    return json;
}

DeviceSetting device_setting(node::Node& node) {
    const auto device = node::device_in_force(node.database());
    const std::string kept = node::device_settings(node);
    if (!device || kept.empty()) return {};
    return parse_setting(kept, "the device's setting");
}

void set_device(node::Node& node, const DeviceSetting& setting, const std::string& cashier) {
    const Profile* profile = find_profile(setting.profile);
    if (!profile) node::refuse(setting.profile, "is no profile", profile_names());
    if (profile->dialect != Dialect::none && profile->dialect != Dialect::paper) {
        if (setting.address.empty())
            throw node::Error(node::Exit::usage, setting.profile, "needs an address",
                              "such as serial:/dev/ttyUSB0@9600, tcp:192.0.2.7:9100 or file:/dev/usb/lp0");
        check_address(setting.address);
    }
    if (setting.mode != Mode::asynchronous && !profile->fiscal)
        node::refuse(setting.profile, fmt::format("prints whole receipts only: {} is a mode of fiscal printers", print(setting.mode)));
    if (setting.silent && profile->dialect != Dialect::escpos) node::refuse(setting.profile, "answers: only a receipt printer may be silent");
    if (profile->fiscal && node.policy().cash_rounding > node::Money::of(1))
        node::refuse(setting.profile, fmt::format("counts to the hundredth, and the policy rounds cash to {}", node::print(node.policy().cash_rounding)),
                     "set the policy's cash_rounding to 0.01");
    node::set_device(node, {setting.profile, std::string(print(setting.mode)), profile->fiscal, cashier}, json_of(setting).dump());
}

Profile profile_of(const DeviceSetting& setting) {
    Profile profile = *find_profile(setting.profile);
    profile.plain_sales_only = setting.mode == Mode::ecr;
    for (std::size_t i = 0; i < encodings.size(); ++i)
        if (setting.encoding == encodings[i]) profile.encoding = static_cast<Encoding>(i);
    return profile;
}

std::unique_ptr<Device> make_device(node::Node& node, const DeviceSetting& setting) {
    const Profile profile = profile_of(setting);
    const auto open = [address = setting.address] { return open_transport(address); };
    if (profile.dialect == Dialect::escpos) {
        EscposOptions options;
        options.model = find_escpos_model(setting.profile);
        options.address = setting.address;
        options.open = open;
        options.silent = setting.silent;
        options.form = form_of(node, options.model->columns);
        return std::make_unique<EscposDevice>(std::move(options));
    }
    if (profile.dialect == Dialect::paper)
        return std::make_unique<PdfDevice>(setting.address.empty() ? node.folder() + "/receipts" : setting.address, form_of(node));
    if (!profile.fiscal) node::refuse(setting.profile, "is no printer");
    datecs::Options options;
    options.profile = profile;
    options.address = setting.address;
    options.open = open;
    options.operator_number = setting.operator_number;
    options.password = setting.password;
    options.till = setting.till;
    unsigned char sequence = 0;
    node.random().fill({&sequence, 1});
    options.sequence = static_cast<unsigned char>(datecs::first_sequence + sequence % (datecs::last_sequence - datecs::first_sequence));
    return datecs::make_device(std::move(options));
}

DeviceLock::DeviceLock(const std::string& folder) : path_(folder + "/device.lock") {}

DeviceLock::~DeviceLock() {
    if (file_ >= 0) ::close(file_);
}

bool DeviceLock::take() {
    if (file_ >= 0) return true;
    const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) node::fail(path_, "cannot be written", "check the folder's permissions");
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        return false;
    }
    file_ = file;
    return true;
}

}  // namespace paprsek::fiscal
