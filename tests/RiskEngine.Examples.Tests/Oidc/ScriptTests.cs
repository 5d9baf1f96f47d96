namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>What the scripts of the example promise by themselves.</summary>
public sealed class ScriptTests
{
    [ExampleFact]
    public async Task Codes_are_those_of_the_RFC()
    {
        // RFC 6238, appendix B, SHA-1, the last six of its eight digits.
        const string Script = "import('./totp.js').then(({ codeOf, stepAt }) => console.log([59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000].map((second) => codeOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', stepAt(second * 1000))).join()))";
        Assert.Equal("287082,081804,050471,005924,279037,353130", (await Node.RunAsync("-e", Script)).Trim());
    }

    [ExampleFact]
    public async Task A_code_is_good_for_its_neighbours_and_once()
    {
        const string Script = """
            import('./totp.js').then(({ codeOf, stepOf }) => {
              const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', now = 1000 * 30_000;
              const tried = [998, 999, 1000, 1001, 1002].map((step) => stepOf(secret, codeOf(secret, step), now) ?? '-');
              console.log([...tried, stepOf(secret, codeOf(secret, 1000), now, 1000) ?? '-', stepOf(secret, '12345', now) ?? '-', stepOf(secret, '', now) ?? '-'].join());
            })
            """;
        Assert.Equal("-,999,1000,1001,-,-,-,-", (await Node.RunAsync("-e", Script)).Trim());
    }

    [ExampleFact]
    public async Task All_faulty_settings_are_told_at_once()
    {
        const string Script = """
            Object.assign(process.env, { PORT: 'x', ISSUER: 'http://a', RISKENGINE: 'ftp://a', UNANSWERED: 'maybe', TRUSTED_PROXIES: '127.0.0.1,nowhere', EVENTS_KEY_FILE: '/nowhere' });
            const told = []; console.error = (text) => told.push(text);
            process.on('exit', (code) => { console.log(code, told.join().split('\n').map((line) => line.split(':')[0]).join()); process.exitCode = 0; });
            import('./settings.js');
            """;
        Assert.Equal("2 PORT,TRUSTED_PROXIES,RISKENGINE,EVENTS_KEY_FILE,UNANSWERED", (await Node.RunAsync("-e", Script)).Trim());
    }
}
