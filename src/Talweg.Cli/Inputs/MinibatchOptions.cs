using System.CommandLine;
using Talweg.Noise;
using Talweg.Statistics;

namespace Talweg.Cli.Inputs;

/// <summary>Options that say which samples form which minibatches.</summary>
internal sealed class MinibatchOptions
{
    private readonly Option<int?> _batch = Numbers.Whole("--batch", "B", "Samples a minibatch; samples that fill none are left out", 1, required: true);
    private readonly Option<long?> _seed = Numbers.Seed("--seed", "Shuffle the samples into minibatches by this seed (default: consecutive blocks in file order)");

    public void AddTo(Command command)
    {
        command.Add(_batch);
        command.Add(_seed);
    }

    /// <summary>The minibatches of so many samples.</summary>
    /// <exception cref="InputException">A minibatch takes more samples than there are.</exception>
    public MinibatchSets Of(ParseResult parsed, int samples)
    {
        int batch = parsed.GetValue(_batch)!.Value;
        if (batch > samples)
            throw new InputException("--batch", "value", $"{batch}", $"1 to {samples}, the samples that minibatches are drawn from");
        return parsed.GetValue(_seed) is { } seed
            ? MinibatchSets.Shuffled(samples, batch, new RandomStream(seed, "minibatch sets"))
            : MinibatchSets.Consecutive(samples, batch);
    }
}
