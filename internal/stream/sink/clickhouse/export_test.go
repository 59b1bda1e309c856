package clickhouse

import "errors"

// UnderWay says that another insert under the same token had not ended.
func UnderWay(err error) bool { return errors.Is(err, errUnderWay) }
