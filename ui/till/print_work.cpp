#include "ui/till/print_work.h"

#include "fiscal/escpos/device.h"
#include "fiscal/from_fact.h"
#include "fiscal/setting.h"
#include "node/base/error.h"
#include "ui/kit/locale.h"

namespace paprsek::ui {

std::string print_slip_again(node::Node& node, const std::string& slip) {
    const fiscal::DeviceSetting setting = fiscal::device_setting(node);
    const char* hint = tr("Save it as a PDF instead.");
    if (setting.profile == "none") node::refuse(tr("Printing"), tr("this till has no printer"), hint);
    const fiscal::EscposModel* model = fiscal::find_escpos_model(setting.profile);
    if (model == nullptr) node::refuse(tr("Printing"), tr("this printer prints each document once, no copies"), hint);
    fiscal::DeviceLock lock(node.folder());
    if (!lock.take()) node::refuse(tr("Printing"), tr("the printer is busy with another program"), tr("Try again in a moment."));
    fiscal::EscposOptions options;
    options.model = model;
    options.address = setting.address;
    options.open = [address = setting.address] { return fiscal::open_transport(address); };
    options.form = fiscal::form_of(node, model->columns);
    const fiscal::Slip laid_out = fiscal::slip_of(node, slip, options.form, fiscal::Issue::copy);
    fiscal::EscposDevice device(std::move(options));
    const fiscal::Reply reply = device.print(laid_out);
    if (!reply.ok()) node::fail(tr("The printer"), reply.why, tr("Look at the paper before you print it again."));
    return tr("Printed again.");
}

std::string open_drawer(node::Node& node) {
    const fiscal::DeviceSetting setting = fiscal::device_setting(node);
    if (setting.profile == "none") node::refuse(tr("The drawer"), tr("hangs on a printer, and this till has none"), tr("Open it by its key."));
    fiscal::DeviceLock lock(node.folder());
    if (!lock.take()) node::refuse(tr("The drawer"), tr("the printer is busy with another program"), tr("Try again in a moment."));
    const auto device = fiscal::make_device(node, setting);
    fiscal::Reply reply = device->connect();
    if (reply.ok()) reply = device->open_drawer();
    if (!reply.ok()) node::fail(tr("The drawer"), reply.why, tr("Open it by its key."));
    return tr("The drawer is open.");
}

}  // namespace paprsek::ui
