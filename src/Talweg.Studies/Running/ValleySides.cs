using Talweg.Landscapes;

namespace Talweg.Studies.Running;

/// <summary>How many sides of a valley were not found, the same in every study.</summary>
internal static class ValleySides
{
    /// <summary>0, 1 or 2: open within the search's reach, or not settled.</summary>
    public static int NotFound(Flatness flatness) => (flatness.Left is null ? 1 : 0) + (flatness.Right is null ? 1 : 0);
}
