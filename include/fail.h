/* Everything that can go wrong with a request, in words. Functions return fail_t; TRY() hands a failure up. */
#ifndef TEPAI_FAIL_H
#define TEPAI_FAIL_H

/* Code in C, code on the wire, HTTP status, title in Chinese, title in English. */
#define PROBLEMS(X)                                                                                                    \
    X(MALFORMED_REQUEST, "malformed_request", 400, "请求报文不合法", "The request is not well-formed")                 \
    X(MALFORMED_JSON, "malformed_json", 400, "请求体不是合法的 JSON", "The body is not valid JSON")                    \
    X(VALIDATION_FAILED, "validation_failed", 400, "请求内容不符合约定", "The request does not match the contract")    \
    X(CURSOR_INVALID, "cursor_invalid", 400, "分页游标无效", "The cursor does not fit this list")                      \
    X(IDEMPOTENCY_KEY_MISSING, "idempotency_key_missing", 400, "缺少 Idempotency-Key", "Idempotency-Key is missing")   \
    X(UNAUTHENTICATED, "unauthenticated", 401, "未登录或令牌无效", "Not signed in, or token not valid")                \
    X(SIGN_IN_FAILED, "sign_in_failed", 401, "登录失败", "Sign-in failed")                                             \
    X(SESSION_ENDED, "session_ended", 401, "会话已结束", "The session has ended")                                      \
    X(SECOND_FACTOR_REQUIRED, "second_factor_required", 401, "需要动态口令", "A one-time code is required")            \
    X(SECOND_FACTOR_MISSING, "second_factor_missing", 401, "须先登记二次验证", "Register a second factor first")       \
    X(RECENT_SIGN_IN_REQUIRED, "recent_sign_in_required", 401, "请重新验证身份", "Confirm your identity again")        \
    X(FORBIDDEN, "forbidden", 403, "无权执行此操作", "Your role may not do this")                                      \
    X(INSUFFICIENT_SCOPE, "insufficient_scope", 403, "授权范围不足", "The token lacks a scope")                        \
    X(NOT_FOUND, "not_found", 404, "未找到", "Not found")                                                              \
    X(METHOD_NOT_ALLOWED, "method_not_allowed", 405, "不支持的方法", "Method not allowed")                             \
    X(WRONG_STATE, "wrong_state", 409, "当前状态不允许此操作", "Not possible in the present state")                    \
    X(DUPLICATE, "duplicate", 409, "记录已存在", "Already exists")                                                     \
    X(PLACEMENT_OVERLAP, "placement_overlap", 409, "派驻期间重叠", "Placements would overlap")                         \
    X(CONCURRENT_CHANGE, "concurrent_change", 409, "并发冲突，请重试", "Changed at the same time, try again")          \
    X(IDEMPOTENCY_IN_PROGRESS, "idempotency_in_progress", 409, "相同请求正在处理", "The same request is running")      \
    X(CAPABILITY_SPENT, "capability_spent", 410, "链接已使用或已失效", "The link is no longer good")                   \
    X(VERSION_MISMATCH, "version_mismatch", 412, "记录已被他人修改", "Changed since you read it")                      \
    X(BODY_TOO_LARGE, "body_too_large", 413, "请求体过大", "Body too large")                                           \
    X(URI_TOO_LONG, "uri_too_long", 414, "网址过长", "URL too long")                                                   \
    X(UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", 415, "不支持的内容类型", "Media type not supported")           \
    X(RULE_VIOLATED, "rule_violated", 422, "不符合管理办法的规定", "A rule of the programme is not met")               \
    X(NOT_ELIGIBLE, "not_eligible", 422, "不符合选派条件", "Not eligible")                                             \
    X(SANCTIONED, "sanctioned", 422, "处于取消派驻资格期间", "Under a sanction")                                       \
    X(WINDOW_CLOSED, "window_closed", 422, "不在受理时间内", "The window is closed")                                   \
    X(TWO_PERSON_RULE, "two_person_rule", 422, "提出人不得审批", "Proposer may not approve")                           \
    X(CONFLICT_OF_INTEREST, "conflict_of_interest", 422, "存在利益关系，应当回避", "Conflict of interest")             \
    X(POLICY_EXPIRED, "policy_expired", 422, "管理办法已过有效期", "The policy has expired")                           \
    X(REFERENCE_NOT_FOUND, "reference_not_found", 422, "引用的记录不存在", "A referenced record was not found")        \
    X(DIGEST_MISMATCH, "digest_mismatch", 422, "内容与摘要不一致", "Content differs from its digest")                  \
    X(IDEMPOTENCY_KEY_REUSED, "idempotency_key_reused", 422, "Idempotency-Key 已用于其他请求",                         \
      "Key was used for another request")                                                                              \
    X(PRECONDITION_REQUIRED, "precondition_required", 428, "缺少 If-Match", "If-Match is required")                    \
    X(TOO_MANY_REQUESTS, "too_many_requests", 429, "请求过于频繁", "Too many requests")                                \
    X(HEADERS_TOO_LARGE, "headers_too_large", 431, "请求头过大", "Headers too large")                                  \
    X(INTERNAL_ERROR, "internal_error", 500, "系统内部错误", "Internal error")                                         \
    X(UNAVAILABLE, "unavailable", 503, "服务暂不可用", "Temporarily unavailable")

/* What to do about a problem that has no places and no rules to name; %s stands for the operation's media type. */
#define ADVICE(X)                                                                                                      \
    X(MALFORMED_REQUEST, "请检查请求行、请求头和参数的写法",                                                           \
      "Look at the request line, the headers and the parameters")                                                      \
    X(MALFORMED_JSON, "请检查括号、引号、逗号和重复的成员", "Look for brackets, quotes, commas and repeated members")  \
    X(CURSOR_INVALID, "请不带 cursor 从第一页开始，其后各页的筛选和排序保持不变",                                      \
      "Begin without a cursor, and keep filters and order on the pages after")                                         \
    X(IDEMPOTENCY_KEY_MISSING, "请带上 Idempotency-Key，如一个新的 UUID，重试时用同一个值",                            \
      "Send Idempotency-Key, such as a new UUID, and the same again in a retry")                                       \
    X(UNAUTHENTICATED, "请先登录，并带上 Authorization: Bearer 令牌",                                                  \
      "Sign in, and send Authorization: Bearer with the token")                                                        \
    X(SIGN_IN_FAILED, "登录名或密码不正确，或账号不可用", "Name or password is wrong, or the account may not sign in") \
    X(SESSION_ENDED, "请重新登录", "Sign in again")                                                                    \
    X(SECOND_FACTOR_REQUIRED, "请在 otp 中填写六位动态码或一个恢复码",                                                 \
      "Send the six figures of now, or a recovery code, as otp")                                                       \
    X(SECOND_FACTOR_MISSING, "请先用 POST /v1/me/second-factor 登记二次验证并确认，之后即可继续使用本令牌",            \
      "Begin one at POST /v1/me/second-factor and confirm it; then this token serves")                                 \
    X(RECENT_SIGN_IN_REQUIRED, "请用密码在 POST /v1/sessions/{id}/confirmations 再次验证，并用新的访问令牌重试",       \
      "Prove yourself with your password at POST /v1/sessions/{id}/confirmations, and use the new access token")       \
    X(FORBIDDEN, "当前角色不能执行此操作", "It is for other roles or offices")                                         \
    X(INSUFFICIENT_SCOPE, "请按 WWW-Authenticate 中的 scope 申请令牌，客户端须已获准",                                 \
      "Ask for a token with the scope in WWW-Authenticate, if the client has it")                                      \
    X(NOT_FOUND, "记录或网址不存在，或对您不可见", "There is no such record or URL, or it is not yours to see")        \
    X(METHOD_NOT_ALLOWED, "可用的方法见 Allow", "Allow lists the methods")                                             \
    X(WRONG_STATE, "当前状态见 current_status，可执行的步骤见 allowed_steps",                                          \
      "See current_status and the steps in allowed_steps")                                                             \
    X(CONCURRENT_CHANGE, "请按 Retry-After 稍后重试", "Try again after the seconds in Retry-After")                    \
    X(IDEMPOTENCY_IN_PROGRESS, "请按 Retry-After 稍后用同一个 Idempotency-Key 重试",                                   \
      "Try again with the same key after the seconds in Retry-After")                                                  \
    X(CAPABILITY_SPENT, "请向发出链接的一方索取新的链接", "Ask whoever sent the link for a new one")                   \
    X(VERSION_MISMATCH, "请重新读取，当前版本见 current_version", "Read it again; its version now is current_version") \
    X(BODY_TOO_LARGE, "请缩小请求体", "Send a smaller body")                                                           \
    X(URI_TOO_LONG, "请减少查询参数", "Send fewer parameters")                                                         \
    X(UNSUPPORTED_MEDIA_TYPE, "请使用 Content-Type: %s，且不压缩", "Send Content-Type: %s, uncompressed")              \
    X(DIGEST_MISMATCH, "请重新发送，摘要须为内容的 SHA-256，内容须与类型相符",                                         \
      "Send it again; the digest is the SHA-256 of the content, and the content is of the type that was said")         \
    X(IDEMPOTENCY_KEY_REUSED, "请为新的请求换一个 Idempotency-Key", "Take a new key for a new request")                \
    X(PRECONDITION_REQUIRED, "请用 If-Match 带上所读版本的 ETag", "Send the ETag of the version you read as If-Match") \
    X(TOO_MANY_REQUESTS, "请按 Retry-After 稍后重试", "Try again after the seconds in Retry-After")                    \
    X(HEADERS_TOO_LARGE, "请减少请求头", "Send fewer or shorter headers")                                              \
    X(INTERNAL_ERROR, "请凭 instance 中的请求编号联系管理员", "Tell the operator the request id in instance")          \
    X(UNAVAILABLE, "请按 Retry-After 稍后重试", "Try again after the seconds in Retry-After")

/* The article of a rule that rooms share is the operation's: the last that its x-regulation names. */
#define OF_OPERATION "operation"

/* Rules of the programme and of the house, by name: problem, article (NULL: the house), sentences in which %s stands
 * for the figures a statement found. A constraint of a table carries the name of its rule. */
#define RULES(X)                                                                                                       \
    X("already_recorded", DUPLICATE, NULL, "同一记录已经存在", "This is already recorded")                             \
    X("password_holds_login_name", RULE_VIOLATED, NULL, "密码不得包含登录名",                                          \
      "A password must not hold the login name")                                                                       \
    X("password_common", RULE_VIOLATED, NULL, "该密码过于常见，容易被猜到", "This password is among the first tried")  \
    X("password_composition", RULE_VIOLATED, NULL, "密码须包含大写字母、小写字母、数字、其他字符中的三类",             \
      "Use three of capitals, small letters, figures and other characters")                                            \
    X("second_factor_present", RULE_VIOLATED, NULL, "已登记二次验证，须先移除",                                        \
      "Take the present second factor away first")                                                                     \
    X("second_factor_code_wrong", RULE_VIOLATED, NULL, "动态码不正确，请检查手机时间",                                 \
      "The code is wrong; look at the clock of the device")                                                            \
    X("last_admin", RULE_VIOLATED, NULL, "每个单位至少保留一名在用的管理员",                                           \
      "An organisation keeps at least one active administrator")                                                       \
    X("own_admin_right", RULE_VIOLATED, NULL, "不能更改本人的管理员权限",                                              \
      "Nobody gives or takes his own right to administer")                                                             \
    X("account_fits_role", RULE_VIOLATED, NULL, "科室、单位、企业或管理员权限与角色不符",                              \
      "Office, unit, enterprise or administration do not fit the role")                                                \
    X("account_out_of_reach", RULE_VIOLATED, NULL, "不在您可开户的范围内",                                             \
      "You cannot open accounts for this organisation")                                                                \
    X("missing_before_submit", RULE_VIOLATED, OF_OPERATION, "提交前须填写此项",                                        \
      "This must be filled in before submission")                                                                      \
    X("figures_last_year_missing", RULE_VIOLATED, "7", "缺少%s年度数据", "The figures of %s are missing")              \
    X("figures_year_unique", RULE_VIOLATED, "7", "同一年度的数据只能填报一次",                                         \
      "A year may stand in the figures only once")                                                                     \
    X("uscc_checksum", RULE_VIOLATED, OF_OPERATION, "统一社会信用代码校验不通过",                                      \
      "The check character of the credit code is wrong")                                                               \
    X("uscc_override_county_only", RULE_VIOLATED, "7", "仅县区可填写校验例外理由",                                     \
      "Only the county may excuse a credit code")                                                                      \
    X("uscc_override_scan_required", RULE_VIOLATED, "7", "校验例外须附营业执照扫描件",                                 \
      "An excused credit code needs the scan of the licence")                                                          \
    X("not_legal_person", NOT_ELIGIBLE, "7", "不具有独立法人资格，不能确认",                                           \
      "Only an independent legal person can be confirmed")                                                             \
    X("institution_email_by_city", RULE_VIOLATED, "2", "派出单位邮箱由市科技局登记",                                   \
      "The S&T bureau alone enters an institution's address for links")                                                \
    X("institution_ends_in_past", RULE_VIOLATED, "2", "派出单位的最后有效日不得早于今天",                              \
      "The last day of an institution is today or later")                                                              \
    X("above_scale_industry", NOT_ELIGIBLE, "7", "规上工业企业的行业须为B、C或D门类",                                  \
      "An above-scale industrial firm belongs to industry B, C or D")                                                  \
    X("account_has_enterprise", RULE_VIOLATED, "7", "本账号已登记企业", "This account already has its enterprise")     \
    X("own_unit_only", RULE_VIOLATED, "7", "只能登记本单位辖区内的企业",                                               \
      "A county enters enterprises of its own unit only")                                                              \
    X("unit_moves_by_city", RULE_VIOLATED, "7", "注册地变更由市科技局办理",                                            \
      "The city moves an enterprise to another unit")                                                                  \
    X("unit_words_required", RULE_VIOLATED, "7", "变更注册地须附迁出、迁入两个单位的意见（%s）",                       \
      "A move needs the words of both units: %s")                                                                      \
    X("unit_words_of_moves", RULE_VIOLATED, "7", "两单位意见仅用于市科技局办理注册地变更",                             \
      "The words of two units belong to a move by the city")                                                           \
    X("city_moves_unit_only", RULE_VIOLATED, "7", "市科技局只能变更注册地单位", "The city changes the unit alone")     \
    X("confirmed_facts_county_only", RULE_VIOLATED, "7", "已确认的信息只能由县区修改",                                 \
      "Confirmed facts are changed by the county alone")                                                               \
    X("reason_required", RULE_VIOLATED, "7", "修改已确认的信息须说明理由",                                             \
      "A change of confirmed facts needs a reason")                                                                    \
    X("enterprise_has_live_demands", RULE_VIOLATED, "7", "企业尚有%s项需求在办，不能关闭",                             \
      "The enterprise still has %s demands under way")                                                                 \
    X("placement_runs", WRONG_STATE, "4", "派驻%s尚未结束", "The placement %s has not ended")                          \
    X("agreement_under_way", WRONG_STATE, "9.5", "协议%s尚在办理或履行中", "The agreement %s is still under way")      \
    X("enterprise_not_confirmed", NOT_ELIGIBLE, "7", "企业尚未经属地确认",                                             \
      "The enterprise is not confirmed by its county")                                                                 \
    X("round_starts_in_past", RULE_VIOLATED, "9.3", "拟起始日（%s）已过", "The start, %s, is past")                    \
    X("round_has_no_confirmed", RULE_VIOLATED, "9.3", "本轮尚无双方同意的匹配，不能采用",                              \
      "No pair of the round is confirmed by both sides yet")                                                           \
    X("round_not_proposed", WRONG_STATE, "9.3", "匹配轮次不在待采用状态", "The round does not wait for adoption")      \
    X("demand_not_open", WRONG_STATE, "9.3", "需求不在开放状态", "The demand is not open")                             \
    X("demand_not_matched", WRONG_STATE, "9.3", "需求不处于已匹配状态", "The demand is not matched")                   \
    X("demand_out_of_round", RULE_VIOLATED, "9.3", "需求所属单位（%s）不在本轮范围内",                                 \
      "The round does not cover the unit of the demand (%s)")                                                          \
    X("specialist_not_available", RULE_VIOLATED, "9.3", "拟起始日（%s）不在特派员可服务期间内",                        \
      "The specialist is not available on %s")                                                                         \
    X("nothing_to_clear", RULE_VIOLATED, "9.3", "双方均未声明利益关系", "No interest was declared")                    \
    X("pair_declined", RULE_VIOLATED, "9.3", "一方已谢绝对方的意向", "One side has declined the other's wish")         \
    X("pair_standing_lost", RULE_VIOLATED, "9.3", "%s已不具备匹配条件，请先行剔除",                                    \
      "No longer to be matched, and to be excluded first: %s")                                                         \
    X("pair_not_free", PLACEMENT_OVERLAP, "4", "%s在该期间已有派驻或已列入名单",                                       \
      "Placed or listed in that term already: %s")                                                                     \
    X("side_proposed_already", DUPLICATE, "4", "企业或特派员在本轮已有匹配",                                           \
      "The enterprise or the specialist has a match in this round already")                                            \
    X("conflict_not_cleared", CONFLICT_OF_INTEREST, "9.3", "%s已声明利益关系，须说明理由准予或先行剔除",               \
      "An interest is declared: clear it with a reason, or exclude it: %s")                                            \
    X("answer_note_required", RULE_VIOLATED, "9.3", "不同意须说明理由", "A no needs its reason")                       \
    X("answered_already", RULE_VIOLATED, "9.3", "已作此答复", "This answer is given already")                          \
    X("account_name_differs", RULE_VIOLATED, "18", "户名须与企业名称一致",                                             \
      "The account must be in the enterprise's name")                                                                  \
    X("account_confirmed_already", DUPLICATE, "18", "该账户已核实，无须再次申报", "This account is confirmed already") \
    X("account_author_decides", TWO_PERSON_RULE, "18", "录入人不得核实自己录入的账户",                                 \
      "Who entered an account may not decide on it")                                                                   \
    X("barred", SANCTIONED, "16", "取消派驻资格期间（至%s）不予受理", "Barred until %s")                               \
    X("entered_for_required", RULE_VIOLATED, OF_OPERATION, "代为录入须注明代谁录入及原因",                             \
      "Say for whom and why the form is entered")                                                                      \
    X("on_behalf_required", RULE_VIOLATED, OF_OPERATION, "这是企业自己的记录，代为办理须注明代谁办理及原因",           \
      "This is the firm's own record: say for whom and why you act")                                                   \
    X("submitter_decides", TWO_PERSON_RULE, OF_OPERATION, "代企业提交的人员不得通过其初核或确认，请由同县另一人办理",  \
      "Who submitted for the firm does not pass it: let a colleague decide")                                           \
    X("entered_for_office_only", RULE_VIOLATED, OF_OPERATION, "仅管理部门可代为录入",                                  \
      "Only an office enters forms for others")                                                                        \
    X("demand_validity_over", RULE_VIOLATED, "9.2", "有效期已于%s届满", "The demand was valid until %s only")          \
    X("expected_start_in_past", RULE_VIOLATED, "9.2", "希望开始的日期（%s）已过", "The wished start, %s, is past")     \
    X("priority_no_taken", DUPLICATE, "9.2", "企业另有在办需求已使用排序%s，须先由企业调整（审核时请退回企业）",       \
      "The firm has another demand under way of the rank %s; it changes one of them first (return this one)")          \
    X("not_editable", WRONG_STATE, NULL, "当前状态下不能修改", "Cannot be changed in its present state")               \
    X("unknown_code", RULE_VIOLATED, NULL, "没有此有效代码，可用代码见 /v1/dictionaries?dictionary=%s",                \
      "No such code in force: see /v1/dictionaries?dictionary=%s")                                                     \
    X("reference_not_found", REFERENCE_NOT_FOUND, NULL, "引用的记录不存在", "The referenced record was not found")     \
    X("term_ended", RULE_VIOLATED, NULL, "该代码已于%s失效，不再使用",                                                 \
      "The term ended on %s, and its code is not used again")                                                          \
    X("term_ends_in_past", RULE_VIOLATED, NULL, "最后有效日不得早于今天", "The last day of a term is today or later")  \
    X("term_range_ordered", RULE_VIOLATED, NULL, "生效日期不得晚于最后有效日", "A term must begin before it ends")     \
    X("opinion_hidden", RULE_VIOLATED, OF_OPERATION, "退回或不予通过的意见须对申请方可见",                             \
      "The other side is shown why something is returned or refused")                                                  \
    X("opinion_required", RULE_VIOLATED, OF_OPERATION, "退回或不予通过须填写意见",                                     \
      "Anything but acceptance needs an opinion")                                                                      \
    X("missing_before_issue", RULE_VIOLATED, "9.5", "送签前须填写此项", "This must be filled in before it is signed")  \
    X("quota_below_policy", RULE_VIOLATED, "12", "服务次数不得少于%s次", "At least %s services are owed")              \
    X("task_due_outside_term", RULE_VIOLATED, "9.5", "任务期限须在派驻期内", "A task falls due within the term")       \
    X("specialist_not_registered", NOT_ELIGIBLE, "9.1", "特派员%s不在库或已暂停",                                      \
      "The specialist %s is not in the register, or is paused there")                                                  \
    X("signed_text_differs", DIGEST_MISMATCH, "9.5", "摘要不是现行文本（第%s版）的摘要",                               \
      "The hash is not that of the present text, version %s")                                                          \
    X("signatory_required", RULE_VIOLATED, "9.5", "派出单位退回或拒绝的，须写明答复人",                                \
      "The institution says who speaks for it")                                                                        \
    X("signing_time_over", WINDOW_CLOSED, "9.5", "签署期限（%s）已过", "The last day to sign was %s")                  \
    X("agreement_start_passed", WINDOW_CLOSED, "9.5",                                                                  \
      "起始日%s已过，不能再送签、签署或备案；请市科技局取消本协议，另定起始日重新对接",                                \
      "The term began on %s: the bureau cancels this agreement, and the pair is matched anew with a later start")      \
    X("already_signed", DUPLICATE, "9.5", "本方已签署第%s版", "This party has signed version %s")                      \
    X("signatory_is_another", RULE_VIOLATED, "9.5", "特派员须以入库姓名签署",                                          \
      "The specialist signs under the name in the register")                                                           \
    X("signature_scan_required", RULE_VIOLATED, "9.5", "代为录入派出单位签署须附盖章件",                               \
      "The stamped paper is missing")                                                                                  \
    X("signature_scan_office_only", RULE_VIOLATED, "9.5", "本人签署或通过链接签署不附盖章件",                          \
      "A scan comes from the bureau alone")                                                                            \
    X("placement_follows", WRONG_STATE, "9.5", "协议已有派驻，须通过派驻办理",                                         \
      "A placement stands on it; it ends through the placement")                                                       \
    X("call_not_for_demand", RULE_VIOLATED, "9.1", "该征集通知不征集本单位的企业需求",                                 \
      "This call does not ask for demands of this unit")                                                               \
    X("call_window_closed", WINDOW_CLOSED, "9.1", "不在征集通知的受理时间内", "The call is not open now")              \
    X("call_window_in_past", WINDOW_CLOSED, "9.1", "征集截止时间已过", "The end of the call is in the past")           \
    X("document_not_waiting", WRONG_STATE, "9.1", "文书未在等待派出单位答复",                                          \
      "The document does not wait for an institution's answer")                                                        \
    X("call_opens_before_closes", RULE_VIOLATED, "9.1", "开始时间须早于截止时间", "A call must open before it closes") \
    X("call_county_demand_only", RULE_VIOLATED, "9.1", "县区只能发布需求征集通知",                                     \
      "A county issues demand calls only")                                                                             \
    X("published_call_fixed", RULE_VIOLATED, "9.1", "已发布的通知只能延后截止时间",                                    \
      "Once published, only the end may move, and only later")                                                         \
    X("derived_from_id", RULE_VIOLATED, "9.1", "出生日期和性别取自居民身份证号，不得另行填写",                         \
      "Birthday and sex are taken from the resident ID number")                                                        \
    X("id_no_invalid", RULE_VIOLATED, "9.1", "居民身份证号不正确", "This is no valid resident ID number")              \
    X("already_applied", DUPLICATE, "9.1", "此人在本次征集中已有在办申请",                                             \
      "This person has an application under way in the call")                                                          \
    X("applicant_is_other_person", RULE_VIOLATED, "9.1", "该账号已对应库内另一人",                                     \
      "The account has the register entry of another person")                                                          \
    X("entry_of_other_account", RULE_VIOLATED, "9.1", "此人的库内条目由另一在用账号持有",                              \
      "The person's entry belongs to another account that is in use")                                                  \
    X("applicant_writes_own", RULE_VIOLATED, "9.1", "市级只能修改自己代为录入的申请",                                  \
      "The bureau changes only what it entered itself")                                                                \
    X("draft_open", DUPLICATE, "9.1", "本次征集中已有一份草稿，请在其上修改",                                          \
      "There is a draft in the call already: change that one")                                                         \
    X("call_not_for_application", RULE_VIOLATED, "9.1", "该征集通知不征集特派员",                                      \
      "This call does not ask for specialists")                                                                        \
    X("applicant_required", RULE_VIOLATED, "9.1", "代为录入须注明申请人账号", "Say whose application is entered")      \
    X("ground_doctorate_unproven", NOT_ELIGIBLE, "5", "未取得博士学位（名誉博士不计）",                                \
      "No doctor's degree, and an honorary one does not count")                                                        \
    X("ground_student_unproven", NOT_ELIGIBLE, "5", "不是在读博士研究生", "Not enrolled for a doctorate")              \
    X("ground_title_too_low", NOT_ELIGIBLE, "5", "专业技术职称未达到政策规定的级别",                                   \
      "The title is below the level that the policy asks for")                                                         \
    X("ground_not_listed", NOT_ELIGIBLE, "5", "现行政策不接受此项资格条件", "The policy does not accept this ground")  \
    X("ground_qualification_unproven", NOT_ELIGIBLE, "5", "科技服务资格未填全或已过期",                                \
      "The service qualification is incomplete or has expired")                                                        \
    X("institution_not_listed", NOT_ELIGIBLE, "2", "派出单位尚未登记或已失效",                                         \
      "The institution is not listed, or no longer")                                                                   \
    X("pledge_missing", RULE_VIOLATED, "9.1", "须按%s版文本作出诚信承诺，代为录入的须附签字扫描件",                    \
      "The pledge of version %s is missing, or its scan")                                                              \
    X("consent_other_version", RULE_VIOLATED, "9.1", "意见针对的不是当前的第%s版",                                     \
      "The word is not about the present version %s")                                                                  \
    X("consent_scan_required", RULE_VIOLATED, "9.1", "代为录入派出单位意见须附盖章件", "The stamped paper is missing") \
    X("consent_scan_office_only", RULE_VIOLATED, "9.1", "通过链接答复不附盖章件",                                      \
      "An answer by link carries no stamped paper")                                                                    \
    X("waiver_not_needed", RULE_VIOLATED, "5", "资格条件成立或未予通过，无须放宽",                                     \
      "A waiver is for approval on a ground that fails")                                                               \
    X("resumed_by_other_side", RULE_VIOLATED, "10", "谁暂停谁恢复", "The side that paused the entry resumes it")       \
    X("not_in_register", NOT_ELIGIBLE, "4", "只有在库的特派员可以发布服务",                                            \
      "Only who stands in the register offers services")                                                               \
    X("available_in_order", RULE_VIOLATED, NULL, "可服务期间的起始日不得晚于截止日",                                   \
      "The time must begin before it ends")                                                                            \
    X("list_empty", RULE_VIOLATED, "9.4", "名单上没有人选", "There is nobody on the list")                             \
    X("list_not_draft", WRONG_STATE, "9.4", "只有草拟中的名单可以增删人选",                                            \
      "Lines come and go only while the list is a draft")                                                              \
    X("match_on_list", WRONG_STATE, "9.4", "该匹配已列入选派名单，须删除名单行或取消协议",                             \
      "The pair is on a dispatch list: strike its line or cancel its agreement")                                       \
    X("match_not_adopted", WRONG_STATE, "9.4", "匹配结果（%s）未被采用或已释放",                                       \
      "The pair (%s) is not adopted, or was released")                                                                 \
    X("start_in_past", RULE_VIOLATED, "4", "起始日%s已过，请另定起始日", "The start, %s, is past: give a later one")   \
    X("too_far_ahead", RULE_VIOLATED, OF_OPERATION, "日期过远，至迟为%s", "Too far ahead: %s at the latest")           \
    X("specialist_reserved", PLACEMENT_OVERLAP, "4", "该特派员已列入名单“%s”",                                         \
      "The specialist is on the list “%s” already")                                                                    \
    X("enterprise_reserved", PLACEMENT_OVERLAP, "4", "该企业已列入名单“%s”",                                           \
      "The enterprise is on the list “%s” already")                                                                    \
    X("placement_specialist_overlap", PLACEMENT_OVERLAP, "4", "该特派员在此期间已有派驻%s",                            \
      "In that time the specialist has the placement %s")                                                              \
    X("placement_enterprise_overlap", PLACEMENT_OVERLAP, "4", "该企业在此期间已有派驻%s",                              \
      "In that time the enterprise has the placement %s")                                                              \
    X("line_judged_twice", RULE_VIOLATED, "9.4", "同一人选只能表态一次", "A line is judged once")                      \
    X("line_not_judged", RULE_VIOLATED, "9.4", "尚有%s名人选未表态", "%s lines have no opinion yet")                   \
    X("objection_needs_reason", RULE_VIOLATED, "9.4", "有异议须说明理由", "An objection needs a reason")               \
    X("line_not_concurred", RULE_VIOLATED, "9.4", "人才办未同意%s", "The talent office has not concurred in %s")       \
    X("concurrer_fixes", TWO_PERSON_RULE, "9.4", "同意名单的人不得确定名单", "Who concurred in a list may not fix it") \
    X("notice_not_held", RULE_VIOLATED, "9.4", "名单须先公示", "The list has to be announced first")                   \
    X("notice_not_over", WINDOW_CLOSED, "9.4", "公示至%s，期满后方可确定", "The public notice runs until %s")          \
    X("objection_undecided", WRONG_STATE, "9.4", "对%s的异议尚未处理", "An objection to %s is undecided")              \
    X("objection_upheld", RULE_VIOLATED, "9.4", "对%s的异议成立，须先重新开放名单，再删除该人选",                      \
      "An objection to %s was upheld: reopen the list, then strike the line")                                          \
    X("issue_source_fits", RULE_VIOLATED, "11", "须且只能填写与来源相符的编号",                                        \
      "Name what fits the source, and nothing else")                                                                   \
    X("objection_category", RULE_VIOLATED, "9.4", "对公示名单的异议须按异议类别提出，其他问题不得使用该类别",          \
      "Objections to a list, and they alone, are of the category objection")                                           \
    X("objection_window_closed", WINDOW_CLOSED, "9.4", "名单不在公示期内（至%s）",                                     \
      "The list is not on public notice (until %s)")                                                                   \
    X("placement_over", WRONG_STATE, "11", "派驻已取消或已归档，不再受理问题",                                         \
      "The placement is cancelled or closed: no more issues")                                                          \
    X("owner_office_fits", RULE_VIOLATED, "11", "责任科室与责任方不符",                                                \
      "This side has no such office that deals with issues")                                                           \
    X("objection_owner", RULE_VIOLATED, "9.4", "公示异议由市县部门处理", "An objection is dealt with by an office")    \
    X("due_in_past", RULE_VIOLATED, "11", "期限不得早于今天", "The date is today or later")                            \
    X("upheld_required", RULE_VIOLATED, "9.4", "须说明异议是否成立", "Say whether the objection holds")                \
    X("upheld_of_objections", RULE_VIOLATED, "11", "只有公示异议才填写是否成立", "Only an objection is upheld or not") \
    X("policy_expired", POLICY_EXPIRED, "20", "当前没有有效的管理办法", "No policy is in force")                       \
    X("policy_range_ordered", RULE_VIOLATED, "20", "施行日期不得晚于失效日期", "A policy must begin before it ends")   \
    X("policy_ranges_apart", RULE_VIOLATED, "20", "施行期间与其他版本重叠", "Adopted policies may not overlap")        \
    X("sandbox_only", FORBIDDEN, NULL, "仅演示环境可以设置时间", "Only a sandbox has a clock that can be set")         \
    X("policy_author_decides", TWO_PERSON_RULE, "20", "起草人不得核准自己的版本",                                      \
      "Who drafted a version may not decide on it")                                                                    \
    X("policy_key_unknown", RULE_VIOLATED, "20", "没有这个参数", "There is no such key")                               \
    X("policy_key_twice", RULE_VIOLATED, "20", "参数%s重复", "The key %s stands twice")                                \
    X("policy_key_missing", RULE_VIOLATED, "20", "缺少参数%s", "The key %s is missing")                                \
    X("policy_key_not_per_unit", RULE_VIOLATED, "20", "参数%s不能按单位另定", "A unit may not set %s for itself")      \
    X("policy_value_wrong", RULE_VIOLATED, "20", "参数%s的取值或计量单位不符", "The value or measure does not fit %s") \
    X("wish_list_of_demand", RULE_VIOLATED, "9.3", "企业志愿按需求填报，特派员志愿不注明需求",                         \
      "A firm's list is one demand's, a specialist's is his own and names none")                                       \
    X("specialist_takes_no_wishes", NOT_ELIGIBLE, "9.3", "该特派员目前不可对接",                                       \
      "The specialist cannot be wished for at present")                                                                \
    X("wish_names_other_side", RULE_VIOLATED, "9.3", "企业志愿须写明特派员，特派员志愿须写明需求",                     \
      "A firm's wish names a specialist, a specialist's a demand")                                                     \
    X("wish_twice", RULE_VIOLATED, "9.3", "同一志愿重复", "The same wish stands twice")                                \
    X("rank_once_per_demand", RULE_VIOLATED, "9.3", "同一需求的志愿序不得重复",                                        \
      "Two wishes for a demand share a rank")                                                                          \
    X("rank_once_per_specialist", RULE_VIOLATED, "9.3", "同一特派员的志愿序不得重复",                                  \
      "Two wishes of a specialist share a rank")                                                                       \
    X("wish_is_proposed", RULE_VIOLATED, "9.3", "此对已列入匹配建议，请在匹配中答复",                                  \
      "The pair was proposed: answer its match instead")                                                               \
    X("wish_declined", RULE_VIOLATED, "9.3", "对方已谢绝此志愿", "The other side has declined this wish")              \
    X("conflict_detail_missing", RULE_VIOLATED, "9.3", "存在利益关系的须说明情况", "A declared tie needs its details") \
    X("attachment_quota", RULE_VIOLATED, NULL, "尚未被记录引用的附件过多，请先引用",                                   \
      "Too many files wait for a record that names them")                                                              \
    X("attachment_limit", RULE_VIOLATED, NULL, "每条记录至多有50个附件", "A record has at most 50 files")              \
    X("attachment_part_size", RULE_VIOLATED, NULL, "此部分应有%s字节", "This part has to have %s bytes")               \
    X("attachment_name_fits_type", RULE_VIOLATED, NULL, "文件扩展名与类型不符",                                        \
      "The ending of the file name belongs to another type")                                                           \
    X("field_not_disclosed", RULE_VIOLATED, NULL, "没有可供查看的%s", "There is no %s of this record to disclose")     \
    X("agreement_not_filed", WRONG_STATE, "9.5", "协议%s不在已备案状态", "The agreement %s is not filed")              \
    X("agreement_on_notice", DUPLICATE, "9.5", "该协议已列入另一份派驻通知", "The agreement stands on another notice") \
    X("start_before_notice", RULE_VIOLATED, "9.5",                                                                     \
      "起始日%s已过，不能再列入派驻通知；请取消该协议，另定起始日重新对接",                                            \
      "The term began on %s, before the notice: cancel the agreement, and match the pair anew with a later start")     \
    X("office_signed_already", DUPLICATE, "9.5", "本部门已经会签", "This office has signed off already")               \
    X("account_signed_already", TWO_PERSON_RULE, "9.5", "四部门须由四个不同账号会签",                                  \
      "Four offices sign off by four different accounts")                                                              \
    X("doc_no_of_other_year", RULE_VIOLATED, "9.5", "文号年份须为%s", "The document number is of the year %s")         \
    X("extension_not_later", RULE_VIOLATED, "12", "延期后的日期须晚于%s", "The new date must be later than %s")        \
    X("own_obligation", TWO_PERSON_RULE, "12", "不得为本级自己的义务延期或免除",                                       \
      "Nobody extends or excuses what his own side owes")                                                              \
    X("value_not_allowed", RULE_VIOLATED, NULL, "取值不在允许范围内", "A value is outside what is allowed")

enum [[nodiscard]] fail{OK,
#define PROBLEM_ENUMERATOR(code, word, status, zh, en) code,
                        PROBLEMS(PROBLEM_ENUMERATOR)
#undef PROBLEM_ENUMERATOR
};

typedef enum fail fail_t;

/* A rule of the programme: its name, the problem it is told as, the article behind it, a sentence in each language in
 * which %s stands for the figures the statement found. Constraints of tables carry the name of their rule. */
struct rule {
    const char *name;
    fail_t problem;
    const char *article; /* NULL for rules of the house */
    const char *zh, *en;
};

/* The rule of this name, or NULL. */
const struct rule *rule_find(const char *name);

/* A problem's word, status and titles. */
struct problem {
    const char *word;
    int status;
    const char *zh, *en;
};
const struct problem *problem_of(fail_t code);
const struct problem *problem_find(const char *word); /* NULL when there is none */

#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        fail_t try_failed_ = (call);                                                                                   \
        if (try_failed_ != OK) return try_failed_;                                                                     \
    } while (0)

#endif
