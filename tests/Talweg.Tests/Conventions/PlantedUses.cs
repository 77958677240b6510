namespace Talweg.Statistics;

/// <summary>Five ways for a high room to use a low one, none of which writes the room's whole name.</summary>
internal sealed class PlantedField
{
    internal Landscapes.Directions? Field { get; set; }
}

internal static class PlantedCall
{
    internal static bool Use() => Landscapes.Directions.Of([1], 1).Count > 0;
}

internal static class PlantedInference
{
    internal static object Use()
    {
        var directions = Landscapes.Directions.Of([1], 1);
        return directions;
    }
}

internal static class PlantedArgument
{
    internal static object Use() => new List<Landscapes.Directions[]>();
}

internal static class PlantedLambda
{
    internal static Func<object, bool> Use() => something => something is Landscapes.Directions;
}
