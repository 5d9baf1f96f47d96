using RiskEngine.Host.Cli;

return await CommandLine.RunAsync(args);
