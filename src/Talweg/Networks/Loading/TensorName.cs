using System.Text.RegularExpressions;

namespace Talweg.Networks.Loading;

/// <summary>A tensor's name, cut into its module and what the tensor is there: <c>layer1.0.bn1</c> and <c>running_mean</c>.</summary>
/// <param name="Module">All before the last word; empty where there is no more.</param>
/// <param name="Kind">The last word: <c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c>, <c>num_batches_tracked</c>, or another as it is.</param>
internal readonly partial record struct TensorName(string Module, string Kind)
{
    public const string Weight = "weight";
    public const string Bias = "bias";
    public const string RunningVariance = "running_var";
    public const string Counter = "num_batches_tracked";

    // In the order in which PyTorch registers them: parameters before buffers.
    private static readonly string[] Registered = [Weight, Bias, "running_mean", RunningVariance, Counter];

    // What DataParallel, torch.compile, FSDP and activation checkpointing put between a module and its parameters.
    private static readonly HashSet<string> Wrappers = ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    /// <summary>Cuts a name behind its last dot or slash, or in front of one of PyTorch's own words.</summary>
    public static TensorName Of(string name)
    {
        var known = Known().Match(name);
        if (known.Success)
            return new(known.Groups["module"].Value, known.Groups["kind"].Value);
        int cut = name.AsSpan().LastIndexOfAny('.', '/');
        string module = cut < 0 ? "" : name[..cut], kind = name[(cut + 1)..];
        return new(module, kind switch { "w" or "W" when cut >= 0 => Weight, "b" when cut >= 0 => Bias, _ => kind });
    }

    /// <summary>The name without the words that PyTorch's wrappers put in: <c>module._orig_mod.0.weight</c> is <c>0.weight</c>.</summary>
    public static string Unwrapped(string name)
    {
        string[] words = name.Split('.');
        return string.Join('.', words.Where((word, i) => i == words.Length - 1 || !Wrappers.Contains(word)));
    }

    /// <summary>The place of a kind in the order in which PyTorch registers a module's tensors; −1 for other kinds.</summary>
    public static int PlaceOf(string kind) => Array.IndexOf(Registered, kind);

    [GeneratedRegex(@"^((?<module>.*)[./_])?(?<kind>weight|bias|running_mean|running_var|num_batches_tracked)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Known();
}
