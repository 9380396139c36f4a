#include "sync/transport.h"

#include <fmt/format.h>

#include <system_error>

#include "node/base/error.h"
#include "sync/bundle.h"
#include "sync/http_transport.h"

namespace paprsek::sync {
namespace {

class FolderTransport final : public Transport {
public:
    explicit FolderTransport(std::string folder) : folder_(std::move(folder)) {}

    std::optional<Bytes> exchange(BytesView up, const Patience&) override {
        std::error_code error;
        if (!std::filesystem::is_directory(folder_, error)) node::fail(folder_, "is not there", "put the stick in, or mount the shared folder");
        const std::string name = node::print(read_header(up, "the bundle").from);
        const std::filesystem::path folder = folder_;
        write_atomically(folder / (name + "-to-hq.bundle"), up);
        const std::filesystem::path reply = folder / fmt::format("hq-to-{}.bundle", name);
        if (!std::filesystem::exists(reply, error)) return std::nullopt;
        Bytes answer = read_whole(reply, max_bundle_bytes);
        std::filesystem::remove(reply, error);  // where it stays, it is taken again: harmless
        return answer;
    }

    bool can_listen() const override { return false; }
    const std::string& address() const override { return folder_; }

private:
    std::string folder_;
};

}  // namespace

std::unique_ptr<Transport> folder_transport(const std::string& folder) { return std::make_unique<FolderTransport>(folder); }

std::unique_ptr<Transport> make_transport(const std::string& url, const HttpOptions& options) {
    constexpr std::string_view file = "file://";
    if (url.starts_with(file)) return folder_transport(url.substr(file.size()));
    return http_transport(url, options);
}

std::unique_ptr<Transport> transport_to_hq(node::Node& node, const HttpOptions& options) {
    const auto enrolment = node.enrolment();
    if (!enrolment) node::refuse(node.folder(), "does not belong to an HQ yet", "ask HQ for an invitation and join by: paprsek enroll");
    if (enrolment->url.empty())
        node::refuse(node.folder(), "knows no address of HQ: it exchanges by file", "ask HQ for an invitation with --url, and join again by it");
    return make_transport(enrolment->url, options);
}

}  // namespace paprsek::sync
