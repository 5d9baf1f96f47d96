using RiskEngine.Benchmarks.Storage;

if (args is ["storage", ..]) return await StorageBenchmark.RunAsync(args[1..]);
Console.Error.WriteLine(StorageBenchmark.Usage);
return 2;
