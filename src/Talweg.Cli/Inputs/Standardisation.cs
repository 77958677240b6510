using System.CommandLine.Parsing;
using Talweg.Data;

namespace Talweg.Cli.Inputs;

/// <summary>What is brought to mean 0 and variance 1 over the training set.</summary>
internal enum Standardisation
{
    /// <summary>Nothing: pixels become numbers from 0 to 1.</summary>
    None,

    /// <summary>All pixels, by one mean and one deviation.</summary>
    All,

    /// <summary>Each channel, by its own.</summary>
    Channels,
}

/// <summary>The option <c>--standardise</c>.</summary>
internal static class Standardisations
{
    /// <summary>"all", "channels", or nothing, which means all.</summary>
    public static Standardisation Parse(ArgumentResult result)
    {
        string word = result.Tokens.Count > 0 ? result.Tokens[0].Value : "all";
        if (word is "all" or "channels")
            return word == "all" ? Standardisation.All : Standardisation.Channels;
        result.AddError($"--standardise: found '{word}', expected one of all, channels, or nothing");
        return Standardisation.None;
    }

    /// <summary>The scaling by the training set's numbers.</summary>
    /// <exception cref="InputException">The training images have no spread to divide by.</exception>
    public static PixelScaling Scaling(this Standardisation what, ImageSet train)
    {
        try
        {
            return what switch
            {
                Standardisation.All => PixelScaling.Standardised(train),
                Standardisation.Channels => PixelScaling.StandardisedByChannel(train),
                _ => PixelScaling.Unit,
            };
        }
        catch (ArgumentException)
        {
            throw new InputException("--standardise", "pixels", $"equal ones only in {(what == Standardisation.All ? "" : "a channel of ")}{train.Name}", "a spread to divide by; leave the option out");
        }
    }

    /// <summary>The option as it is given in a command.</summary>
    public static string[] Words(this Standardisation what) => what switch
    {
        Standardisation.All => ["--standardise"],
        Standardisation.Channels => ["--standardise", "channels"],
        _ => [],
    };
}
