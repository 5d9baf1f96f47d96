-- Asks RiskEngine whether a visitor may pass: http-request lua.riskengine
-- Sets txn.riskengine_decision (allow, challenge, block; not set while RiskEngine does not answer) and txn.riskengine_location.
-- Over a socket of its own and not by HAProxy's HTTP client, which tries for three seconds where nobody listens.

local host, port = string.match(os.getenv("RISKENGINE") or "127.0.0.1:8080", "^%[?(.-)%]?:(%d+)$")
local patience = 0.5 -- seconds

local function ask(request)
    local socket = core.tcp()
    socket:settimeout(patience)
    local answer = {}
    if socket:connect(host, port) and socket:send(request) then
        local line = socket:receive("*l")
        while line and line ~= "" and line ~= "\r" do
            local name, value = string.match(line, "^([%w-]+):%s*(.-)%s*$")
            if name then answer[string.lower(name)] = value end
            line = socket:receive("*l")
        end
    end
    socket:close()
    return answer
end

core.register_action("riskengine", { "http-req" }, function(txn)
    -- Nothing that the visitor wrote goes along but what is named here. HAProxy lets no line break into a header.
    local lines = {
        "GET /forward-auth HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        "X-Forwarded-For: " .. txn.f:src(),
        "X-Forwarded-Method: " .. txn.f:method(),
        "X-Forwarded-Proto: " .. (txn.f:ssl_fc() == 1 and "https" or "http"),
        "X-Forwarded-Host: " .. (txn.f:req_hdr("host") or ""),
        "X-Forwarded-Uri: " .. txn.f:pathq(),
        "User-Agent: " .. (txn.f:req_hdr("user-agent") or ""),
        "X-RiskEngine-Subject: " .. (txn:get_var("txn.riskengine_subject") or ""),
        "X-RiskEngine-Session: " .. (txn:get_var("txn.riskengine_session") or ""),
    }
    local answer = ask(table.concat(lines, "\r\n") .. "\r\n\r\n")
    if answer["x-riskengine-decision"] then txn:set_var("txn.riskengine_decision", answer["x-riskengine-decision"]) end
    if answer["location"] then txn:set_var("txn.riskengine_location", answer["location"]) end
end)
