#include "hq/sql.h"

namespace paprsek::hq {

SqlPrepared* SqlDatabase::kept(std::string_view sql) {
    auto found = kept_.find(sql);
    if (found == kept_.end()) found = kept_.emplace(std::string(sql), std::vector<std::unique_ptr<SqlPrepared>>()).first;
    for (const auto& each : found->second)
        if (!each->busy) {
            each->busy = true;
            return each.get();
        }
    found->second.push_back(prepare(sql));
    found->second.back()->busy = true;
    return found->second.back().get();
}

void SqlDatabase::forget_statements() { kept_.clear(); }

}  // namespace paprsek::hq
