using System.Collections.Concurrent;
using System.Diagnostics;
using Talweg.Statistics;

namespace Talweg.Reliability.Tests.Fuzzing;

/// <summary>Reads many changed files on every core, and watches what each costs.</summary>
/// <remarks>Input k of a reader is a function of the seed, the reader's name and k, so that a failure can be had again.</remarks>
internal sealed class FuzzRun(FuzzReader reader, int seed)
{
    private const int MostFailures = 5;

    /// <summary>No input takes this long, on the slowest machine: the run ends, and says which did.</summary>
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, FuzzFailure> _failures = new();
    private int _next = -1;
    private int _refused;
    private long _slowest;
    private long _most;

    /// <summary>Reads inputs 0 … <paramref name="inputs"/> − 1.</summary>
    public FuzzOutcome Run(int inputs, int threads)
    {
        using var folders = new FuzzFolders();
        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, threads).Select(_ => new Worker()).ToArray();
        Thread[] running = [.. workers.Select(worker => new Thread(() => Work(worker, inputs, folders.New(reader.Name))) { IsBackground = true })];
        foreach (var thread in running)
            thread.Start();
        while (running.Any(thread => !thread.Join(TimeSpan.FromMilliseconds(100))))
        {
            foreach (var worker in workers.Where(worker => worker.Since is { } since && Stopwatch.GetElapsedTime(since) > Hanging))
                throw new InvalidOperationException(Describe(new(worker.Index, $"still being read after {Hanging.TotalSeconds} s")));
        }

        return new(inputs, _refused, clock.Elapsed, TimeSpan.FromTicks(_slowest), _most, [.. _failures.Values.OrderBy(failure => failure.Index).Select(Describe)]);
    }

    /// <summary>Input <paramref name="index"/>.</summary>
    public byte[] Input(int index)
    {
        var random = new RandomStream(seed, $"{reader.Name}/{index}");
        var mutator = new Mutator(random);
        if (reader.Finish is not { } finish)
            return mutator.Change(reader.Seeds);
        return random.Next(2) == 0 ? finish(mutator.Change(reader.Seeds)) : mutator.Change([.. reader.Seeds.Select(finish)]);
    }

    /// <summary>Reads one input; null if all is well with it.</summary>
    public FuzzFailure? Try(int index, string folder)
    {
        byte[] input = Input(index);
        var failure = Try(index, input, folder);
        return failure is { MayBeTheMachine: true } ? Try(index, input, folder) : failure;
    }

    private void Work(Worker worker, int inputs, string folder)
    {
        for (int index = Interlocked.Increment(ref _next); index < inputs && _failures.Count < MostFailures; index = Interlocked.Increment(ref _next))
        {
            worker.Start(index);
            if (Try(index, folder) is { } failure)
                _failures.TryAdd(failure.Kind, failure);
            worker.End();
        }
    }

    private FuzzFailure? Try(int index, byte[] input, string folder)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        FuzzFailure? failure = null;
        try
        {
            reader.Read(input, folder);
        }
        catch (InputException)
        {
            Interlocked.Increment(ref _refused);
        }
#pragma warning disable CA1031 // Every other exception is what is looked for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            failure = new(index, error.ToString()) { Kind = $"{error.GetType()} {error.StackTrace?.Split('\n').FirstOrDefault()}" };
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Raise(ref _slowest, clock.Elapsed.Ticks);
        Raise(ref _most, allocated);
        return failure ?? TooDear(index, input.Length, allocated, clock.Elapsed);
    }

    private FuzzFailure? TooDear(int index, int length, long allocated, TimeSpan elapsed)
    {
        if (allocated > reader.Memory)
            return new(index, $"{allocated:N0} bytes were allocated for {length:N0}; at most {reader.Memory:N0} may be") { Kind = "memory" };
        if (elapsed > reader.Time)
            return new(index, $"{elapsed.TotalSeconds:F1} s for {length:N0} bytes; at most {reader.Time.TotalSeconds} s") { Kind = "time", MayBeTheMachine = true };
        return null;
    }

    private string Describe(FuzzFailure failure) =>
        $"{reader.Name}, input {failure.Index} of seed {seed}: {failure.What}\n" +
        $"Again: TALWEG_FUZZ_SEED={seed} TALWEG_FUZZ_REPLAY={reader.Name}/{failure.Index} dotnet test -c Release --project tests/Talweg.Reliability.Tests -- --filter-class '*FuzzTests'";

    private static void Raise(ref long most, long value)
    {
        for (long seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    /// <summary>What a thread is at.</summary>
    private sealed class Worker
    {
        private long _since;

        public int Index { get; private set; }

        public long? Since => Volatile.Read(ref _since) is var since and not 0 ? since : null;

        public void Start(int index)
        {
            Index = index;
            Volatile.Write(ref _since, Stopwatch.GetTimestamp());
        }

        public void End() => Volatile.Write(ref _since, 0);
    }
}

/// <summary>An input that was not read as it should.</summary>
internal sealed record FuzzFailure(int Index, string What)
{
    /// <summary>Failures of one kind are told once.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Whether a busy machine may be the cause, so that the input is read once more.</summary>
    public bool MayBeTheMachine { get; init; }
}

/// <summary>How a reader fared.</summary>
internal sealed record FuzzOutcome(int Inputs, int Refused, TimeSpan Elapsed, TimeSpan Slowest, long MostBytes, IReadOnlyList<string> Failures);
