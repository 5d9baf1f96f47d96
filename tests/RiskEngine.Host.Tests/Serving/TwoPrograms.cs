namespace RiskEngine.Host.Tests.Serving;

/// <summary>Two programs on one store, on real servers of PostgreSQL and Redis, and an administrator's client of each. Both are killed at the latest when the test is done with them.</summary>
internal sealed class TwoPrograms : IAsyncDisposable
{
    private TwoPrograms(ServedProgram one, ServedProgram other) => (One, Other, First, Second) = (one, other, one.Client(), other.Client());

    public ServedProgram One { get; }

    public ServedProgram Other { get; }

    /// <summary>Gets the client of <see cref="One"/>.</summary>
    public HttpClient First { get; }

    /// <summary>Gets the client of <see cref="Other"/>.</summary>
    public HttpClient Second { get; }

    /// <summary>Writes their configuration into the folder, where more programs can be started by it, and starts both.</summary>
    /// <param name="more">Settings beside those of the store.</param>
    public static async Task<TwoPrograms> StartAsync(TemporaryFolder folder, string more = "")
    {
        folder.Write("riskengine.yaml", $"{await SharedStoreSection.NewAsync()}\n{more}");
        var one = await ServedProgram.StartAsync(folder.FullName);
        try
        {
            return new TwoPrograms(one, await ServedProgram.StartAsync(folder.FullName));
        }
        catch
        {
            await one.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        First.Dispose();
        Second.Dispose();
        await Other.DisposeAsync();
        await One.DisposeAsync();
    }
}
