using System.Text.Json;
using Talweg.Landscapes;
using Talweg.Trajectories;

namespace Talweg.Cli.Rendering;

/// <summary>The documents of <c>talweg measure … --json</c>. Their keys and order are fixed: others read them.</summary>
internal static class MeasureJson
{
    /// <summary>Principal modes of a window of <paramref name="iterations"/> iterations.</summary>
    public static string Modes(PrincipalModes modes, int iterations) => JsonText.Of(json =>
    {
        json.WriteString("measure", "modes");
        json.WriteNumber("iterations", iterations);
        json.WriteNumber("weights", modes.Dimension);
        json.Numbers("variances", modes.Variances);
        json.Number("mean_norm", modes.MeanNorm);
    });

    /// <summary>Loss and slope along directions.</summary>
    public static string Transect(IReadOnlyList<double> displacements, IReadOnlyList<Profile> profiles) => JsonText.Of(json =>
    {
        json.WriteString("measure", "transect");
        json.Numbers("displacements", displacements);
        json.Objects("directions", profiles, profile =>
        {
            json.Numbers("loss", profile.Loss);
            json.Numbers("slope", profile.Slope!);
        });
    });

    /// <summary>Flatness along directions.</summary>
    public static string Flatness(double level, IReadOnlyList<Flatness> directions) => JsonText.Of(json =>
    {
        json.WriteString("measure", "flatness");
        json.Number("level", level);
        json.Objects("directions", directions, flatness => Write(json, flatness));
    });

    private static void Write(Utf8JsonWriter json, Flatness flatness)
    {
        json.Number("left", flatness.Left);
        json.Number("right", flatness.Right);
        json.Number("flatness", flatness.Value);
        json.Number("loss_at_origin", flatness.LossAtOrigin);
        json.Number("fit_flatness", flatness.FitFlatness);
        json.Number("fit_r2", flatness.FitRSquared);
    }
}
