// Which printer a till has: a document that a person sets (paprsek device NODE set), in two places. That there is one, of which profile
// and in which mode, is a fact (device.set), for what is due follows from it; where it hangs and its password are of this computer
// alone and lie beside the chain.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "fiscal/decide.h"
#include "fiscal/device.h"
#include "node/base/json.h"
#include "node/node.h"

namespace paprsek::fiscal {

struct DeviceSetting {
    std::string profile = "none";
    std::string address;  ///< transport.h
    Mode mode = Mode::asynchronous;
    int operator_number = 1;
    std::string password;      ///< empty = the profile's
    int till = 1;              ///< as the device prints it
    std::string encoding;      ///< ascii, cp1252, cp1250, cp852, cp1251; empty = the profile's
    bool print_first = false;  ///< a receipt is sold only where it can be printed at once
    bool silent = false;       ///< a receipt printer that never answers: it is sent everything, and nothing is known of it
    std::int64_t clock_tolerance_s = 300;
    friend bool operator==(const DeviceSetting&, const DeviceSetting&) = default;
};

/// {"profile":"datecs-p","address":"serial:/dev/ttyUSB0@9600","mode":"asynchronous","operator":1,"password":"0000","till":1,
///  "encoding":"ascii","print_first":false,"silent":false,"clock_tolerance":300}: what is left out is as above, a key that is not known is refused.
/// Throws node::Error.
DeviceSetting parse_setting(std::string_view json, const std::string& what);
node::Json json_of(const DeviceSetting& setting);
/// As kept; profile "none" where nothing was set.
DeviceSetting device_setting(node::Node& node);
/// Books and keeps it. Refuses what does not go together (ECR mode without a fiscal device, cash rounding that it cannot do). Durable.
void set_device(node::Node& node, const DeviceSetting& setting, const std::string& cashier);

/// The profile as the setting has it: ECR mode takes plain sales only.
Profile profile_of(const DeviceSetting& setting);
/// The driver. Nothing is opened yet. Requires a profile other than "none".
std::unique_ptr<Device> make_device(node::Node& node, const DeviceSetting& setting);

/// One program at a time drives a node's device: a lock on a file in its folder, let go with the object or the program.
class DeviceLock {
public:
    explicit DeviceLock(const std::string& folder);
    ~DeviceLock();
    DeviceLock(const DeviceLock&) = delete;
    DeviceLock& operator=(const DeviceLock&) = delete;
    /// False while another program has it.
    bool take();

private:
    std::string path_;
    int file_ = -1;
};

}  // namespace paprsek::fiscal
