using RiskEngine.Benchmarks;
using RiskEngine.Benchmarks.Ingest;
using RiskEngine.Benchmarks.Storage;

if (args is ["storage", ..]) return await StorageBenchmark.RunAsync(args[1..]);
if (args is ["ingest", ..]) return await IngestBenchmark.RunAsync(args[1..]);
if (args is ["policy", "--hostile"]) return HostileTextBenchmark.Run();
if (args is ["policy", ..]) return PolicyBenchmark.Run(args[1..]);
if (args is ["backtest", ..]) return await BacktestBenchmark.RunAsync(args.Length > 1 ? long.Parse(args[1]) : 1_000_000);
if (args is ["models", ..]) return await ModelsBenchmark.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 20_000);
if (args is ["outbox", ..]) return await OutboxBenchmark.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 60);
if (args is ["logs", ..]) return LogBenchmark.Run(args.Length > 1 ? int.Parse(args[1]) : 100_000);
if (args is ["replay", ..])
{
    await ReplayBenchmark.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 2_000, args.Length > 2 ? int.Parse(args[2]) : 30);
    return 0;
}

Console.Error.WriteLine("usage: replay [USERS] [DAYS]");
Console.Error.WriteLine(StorageBenchmark.Usage);
Console.Error.WriteLine(IngestBenchmark.Usage);
Console.Error.WriteLine(PolicyBenchmark.Usage);
Console.Error.WriteLine(BacktestBenchmark.Usage);
Console.Error.WriteLine(OutboxBenchmark.Usage);
Console.Error.WriteLine(LogBenchmark.Usage);
Console.Error.WriteLine(ModelsBenchmark.Usage);
return 2;
