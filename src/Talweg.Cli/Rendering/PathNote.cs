using Talweg.Landscapes;
using Talweg.Networks;

namespace Talweg.Cli.Rendering;

/// <summary>How a landscape's measure was computed: by which path, on which data, and what was decided on the way.</summary>
/// <param name="Text">For a reader.</param>
/// <param name="Warnings">What makes the numbers doubtful.</param>
/// <param name="IsUsual">Whether a fully connected network was measured, of which there is nothing else to say.</param>
/// <param name="Data">The data.</param>
internal sealed record PathNote(string Text, IReadOnlyList<string> Warnings, bool IsUsual, DataNote Data)
{
    public static PathNote Of(Landscape landscape, LandscapePrecision precision, DataNote data)
    {
        var network = landscape.Space.Network;
        string text = $"Computed by the {landscape.Path} path in {precision.ToString().ToLowerInvariant()} precision.";
        if (network.Normalises || landscape.Normalisation == Normalisation.Training && network is ModuleNetwork)
            text += $" Batch normalisation ran in {(landscape.Normalisation == Normalisation.Training ? $"training mode, by the statistics of blocks of {Landscape.DefaultBlockSize} samples" : "evaluation mode, by its running statistics")}.";
        if (network is ModuleNetwork module)
            text += $" The model took samples as [{string.Join(", ", module.InputShape)}].";
        return new(text, (network as ModuleNetwork)?.Remarks ?? [], network is FullyConnected, data);
    }

    /// <summary>A line below a table; beside a JSON document, on standard error where the network is not a fully connected one. Warnings are always on standard error.</summary>
    public void Write(Terminal terminal, bool json)
    {
        if (!json)
            terminal.Console.Line(Text);
        else if (!IsUsual)
            terminal.Error.WriteLine(Text);
        foreach (string warning in Warnings)
            terminal.Error.WriteLine($"Warning: {warning}");
    }
}
