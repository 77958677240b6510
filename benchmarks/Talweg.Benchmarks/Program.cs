using Talweg.Benchmarks;

return CommandLine.Of().Parse(args).Invoke();
