using System.Text.Json;
using Talweg.Networks;

namespace Talweg.Cli.Tests.Commands;

public sealed class MeasureNoiseTests : IDisposable
{
    private const int Dimension = 30;                          // layer 2 of fc:16-6-5-10
    private const int Batch = 40;                              // 7 minibatches; 20 of the 300 samples are left over

    private readonly SmallWorld _world = new();

    public void Dispose() => _world.Dispose();

    private NaiveNetwork Naive => new(_world.Weights.Matrices, _world.Inputs, _world.Labels);

    private Command Temperature(params string[] more) => Command.Run(["measure", "temperature", .. _world.Landscape("--batch", $"{Batch}", "--learning-rate", "0.3"), .. more]);

    private Command Ensemble(params string[] more) => Command.Run(["measure", "ensemble", .. _world.Landscape("--batch", $"{Batch}"), .. more]);

    [Fact]
    public void Temperatures_agree_with_a_naive_network()
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 2, Dimension);
        using var document = JsonDocument.Parse(Temperature("--displacements=-0.4,0,0.7", "--json", "--precision", "double").AssertSuccess());
        Assert.Equal([-0.4, 0, 0.7], Numbers(document.RootElement, "displacements"));
        foreach (var (direction, result) in directions.Zip(document.RootElement.GetProperty("directions").EnumerateArray()))
        {
            foreach (var (i, displacement) in Numbers(document.RootElement, "displacements").Index())
            {
                var (temperature, error) = Naively(Means(Naive.Slopes(direction, displacement)), 0.3);
                Assert.Equal(1, Numbers(result, "temperature")[i] / temperature, 1e-6);   // differences of 1e-6 are exact to 1e-10
                Assert.Equal(1, Numbers(result, "standard_error")[i] / error, 1e-6);
            }
        }
    }

    [Fact]
    public void Without_displacements_the_temperature_is_that_at_the_weights()
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 1, Dimension);
        using var document = JsonDocument.Parse(Temperature("--json").AssertSuccess());
        Assert.Equal([0], Numbers(document.RootElement, "displacements"));
        double expected = Naively(Means(Naive.Slopes(directions[0], 0)), 0.3).Temperature;
        Assert.Equal(1, Numbers(document.RootElement.GetProperty("directions")[0], "temperature").Single() / expected, 1e-4);   // slopes in single precision
    }

    [Fact]
    public void A_seed_shuffles_the_samples_into_other_minibatches_and_the_same_ones_again()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        string inOrder = Temperature("--json").AssertSuccess(), one = Temperature("--seed", "1", "--json").AssertSuccess();
        Assert.Equal(one, Temperature("--seed", "1", "--json").AssertSuccess());
        Assert.NotEqual(one, inOrder);
        Assert.NotEqual(one, Temperature("--seed", "2", "--json").AssertSuccess());
    }

    [Fact]
    public void The_temperature_document_is_the_agreed_one()
    {
        _world.WriteDirections("d.safetensors", 2, Dimension);
        const string number = "-?[0-9.E-]+";
        string direction = $$"""\{"temperature":\[{{number}},{{number}}\],"standard_error":\[{{number}},{{number}}\]\}""";
        Assert.Matches(
            $$"""^\{"measure":"temperature","batch":40,"learning_rate":0.3,"displacements":\[-1,0\],"directions":\[{{direction}},{{direction}}\],{{SmallWorld.DataPattern}}\}\r?\n$""",
            Temperature("--displacements=-1,0", "--json").AssertSuccess());
    }

    [Fact]
    public void One_minibatch_of_all_samples_has_temperature_0_and_an_undefined_error()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        string[] arguments = ["measure", "temperature", .. _world.Landscape("--batch", "300", "--learning-rate", "0.3", "--displacements=0,1")];
        Assert.Contains(""""directions":[{"temperature":[0,0],"standard_error":[null,null]}]"""", Command.Run([.. arguments, "--json"]).AssertSuccess(), StringComparison.Ordinal);
        Assert.Contains("Temperature ± standard error over 1 minibatch of 300 samples,", Command.Run(arguments).AssertSuccess(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ensembles_agree_with_a_naive_network()
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 3, Dimension);
        var naive = Trained();
        using var flatness = JsonDocument.Parse(Command.Run(["measure", "flatness", .. _world.Landscape("--json", "--precision", "double")]).AssertSuccess());
        using var document = JsonDocument.Parse(Ensemble("--json", "--precision", "double").AssertSuccess());
        int valleys = 0;
        foreach (var (k, direction) in directions.Index())
        {
            var found = document.RootElement.GetProperty("directions")[k];
            var window = flatness.RootElement.GetProperty("directions")[k];
            var (left, right) = (window.GetProperty("left").GetDouble(), window.GetProperty("right").GetDouble());
            double[] grid = [.. Enumerable.Range(0, 41).Select(i => 2 * left + i * (right - left) / 20)];
            double[][] losses = [.. grid.Select(at => Means(naive.Losses(direction, at)))];
            var expected = Enumerable.Range(0, 300 / Batch).Select(minibatch => Valley(grid, [.. losses.Select(at => at[minibatch])])).ToList();
            var fitted = expected.OfType<(double Minimum, double Curvature, double Loss)>().ToList();
            valleys += fitted.Count;
            Assert.Equal(7, found.GetProperty("minibatches").GetInt32());
            Assert.Equal(7 - fitted.Count, found.GetProperty("without_minimum").GetInt32());
            AssertMoments(found.GetProperty("minimum"), [.. fitted.Select(valley => valley.Minimum)]);
            AssertMoments(found.GetProperty("curvature"), [.. fitted.Select(valley => valley.Curvature)]);
            AssertMoments(found.GetProperty("loss"), [.. fitted.Select(valley => valley.Loss)]);
        }

        Assert.True(valleys > 10, $"{valleys} valleys: the test shows little");
    }

    [Fact]
    public void The_ensemble_document_is_the_agreed_one()
    {
        _world.WriteDirections("d.safetensors", 2, Dimension);
        Trained();
        const string moments = """\{"mean":-?[0-9.E-]+,"variance":[0-9.E-]+\}""";
        string direction = $$"""\{"minibatches":7,"without_minimum":[0-7],"minimum":{{moments}},"curvature":{{moments}},"loss":{{moments}}\}""";
        Assert.Matches($$"""^\{"measure":"ensemble","batch":40,"directions":\[{{direction}},{{direction}}\],{{SmallWorld.DataPattern}}\}\r?\n$""", Ensemble("--json").AssertSuccess());
    }

    [Fact]
    public void Where_a_side_is_open_every_minibatch_is_without_a_minimum()
    {
        // With nothing behind it in the last layer, the middle layer moves without effect: flat to both sides.
        var weights = _world.Weights;
        Array.Clear(weights.Matrices[2]);
        WeightsFile.Save(_world["weights.safetensors"], weights);
        _world.WriteDirections("d.safetensors", 1, Dimension);
        const string undefined = """{"mean":null,"variance":null}""";
        Assert.StartsWith(
            $$"""{"measure":"ensemble","batch":40,"directions":[{"minibatches":7,"without_minimum":7,"minimum":{{undefined}},"curvature":{{undefined}},"loss":{{undefined}}}],"data":{""",
            Ensemble("--json").AssertSuccess(), StringComparison.Ordinal);
        string table = Ensemble().AssertSuccess();
        Assert.Contains("1 of 1 directions are open: within 10 times the weights' norm the mean loss does not rise to e times that at the origin", table, StringComparison.Ordinal);
        Assert.Matches(@"1\s+–\s+–\s+–\s+7", table);
    }

    [Fact]
    public void Weights_at_which_the_loss_is_not_a_number_have_no_temperature()
    {
        var weights = _world.Weights;
        Array.Fill(weights.Matrices[1], 1e30f);
        Array.Fill(weights.Matrices[2], 1e30f);
        WeightsFile.Save(_world["weights.safetensors"], weights);
        _world.WriteDirections("d.safetensors", 1, Dimension);
        Temperature().AssertMistake("loss at these weights: found NaN, expected a number, of which slopes can be taken");
    }

    [Fact]
    public void Tables_are_for_readers()
    {
        _world.WriteDirections("d.safetensors", 3, Dimension);
        string temperature = Temperature("--displacements=-1:1:9").AssertSuccess();
        Assert.Contains("Temperature ± standard error over 7 minibatches of 40 samples (20 left over), at learning rate 0.3;", temperature, StringComparison.Ordinal);
        Assert.Contains("3 of 9 displacements are shown; --json gives all.", temperature, StringComparison.Ordinal);
        Assert.Matches(@"direction\s+T at -1\s+T at 0\s+T at 1\s", temperature);
        Assert.Matches(@"\n\s+3(\s+[0-9.E-]+ ± [0-9.E-]+){3}\s*\n", temperature);
        Trained();
        string ensemble = Ensemble().AssertSuccess();
        Assert.Contains("Mean ± standard deviation over the valleys of 7 minibatches of 40 samples (20 left over):", ensemble, StringComparison.Ordinal);
        Assert.Matches(@"\n\s+3(\s+-?[0-9.E-]+ ± [0-9.E-]+){3}\s+[0-7]\s*\n", ensemble);
    }

    [Theory]
    [InlineData("temperature", "--batch", "301", "--batch: value: found 301, expected 1 to 300, the samples that minibatches are drawn from")]
    [InlineData("ensemble", "--batch", "301", "--batch: value: found 301, expected 1 to 300, the samples that minibatches are drawn from")]
    [InlineData("ensemble", "--batch", "0", "--batch: found '0', expected a whole number of at least 1")]
    [InlineData("temperature", "--seed", "x", "--seed: found 'x', expected a whole number")]
    [InlineData("temperature", "--learning-rate", "0", "--learning-rate: found '0', expected a number above 0")]
    [InlineData("temperature", "--displacements", "1:2", "--displacements: value: found '1:2', expected FIRST:LAST:COUNT")]
    public void A_bad_option_is_refused(string measure, string option, string value, string message)
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        var options = new Dictionary<string, string> { ["--batch"] = "40" };
        if (measure == "temperature")
            options["--learning-rate"] = "0.3";
        options[option] = value;
        Command.Run(["measure", measure, .. _world.Landscape([.. options.SelectMany(pair => (string[])[pair.Key, pair.Value])]), "--json"]).AssertMistake(message);
    }

    [Fact]
    public void A_minibatch_larger_than_the_samples_taken_is_refused()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        Ensemble("--samples", "39").AssertMistake("--batch: value: found 40, expected 1 to 39, the samples that minibatches are drawn from");
    }

    [Theory]
    [InlineData("temperature", "--batch")]
    [InlineData("temperature", "--learning-rate")]
    [InlineData("ensemble", "--batch")]
    public void What_no_default_is_right_for_must_be_given(string measure, string option)
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        string[] others = measure == "temperature" ? ["--batch", "40", "--learning-rate", "0.3"] : ["--batch", "40"];
        int place = Array.IndexOf(others, option);
        Command.Run(["measure", measure, .. _world.Landscape([.. others[..place], .. others[(place + 2)..]])]).AssertMistake($"Option '{option}' is required.");
    }

    [Fact]
    public void Cancellation_stops_with_130_and_nothing_on_standard_output()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        var stopped = Command.Run([], new CancellationToken(canceled: true), ["measure", "ensemble", .. _world.Landscape("--batch", "40", "--json")]);
        Assert.Equal((130, ""), (stopped.ExitCode, stopped.Out));
    }

    /// <summary>Puts trained weights in the place of the drawn ones: their valleys have walls.</summary>
    private NaiveNetwork Trained()
    {
        Command.Run(_world.Train("--epochs", "30")).AssertSuccess();
        File.Copy(Path.Combine(_world["run"], "weights.safetensors"), _world["weights.safetensors"], overwrite: true);
        var weights = WeightsFile.Load(_world["weights.safetensors"], FullyConnected.Parse(SmallWorld.Network));
        return new(weights.Matrices, _world.Inputs, _world.Labels);
    }

    private static double[] Means(double[] samples) => [.. samples.Take(samples.Length / Batch * Batch).Chunk(Batch).Select(minibatch => minibatch.Average())];

    private static (double Temperature, double Error) Naively(double[] slopes, double learningRate)
    {
        double Moment(int power) => slopes.Average(slope => Math.Pow(slope - slopes.Average(), power));
        return (learningRate / 2 * Moment(2), learningRate / 2 * Math.Sqrt((Moment(4) - Moment(2) * Moment(2)) / slopes.Length));
    }

    private static void AssertMoments(JsonElement found, double[] values)
    {
        double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
        double scale = Math.Sqrt(variance) + Math.Abs(mean);
        Assert.Equal(mean, found.GetProperty("mean").GetDouble(), 1e-6 * scale);
        Assert.Equal(variance, found.GetProperty("variance").GetDouble(), 1e-6 * scale * scale);
    }

    /// <summary>A parabola of ln L by Gauss's elimination of the normal equations; null without a minimum.</summary>
    private static (double Minimum, double Curvature, double Loss)? Valley(double[] grid, double[] losses)
    {
        (double X, double Y)[] points = [.. grid.Zip(losses).Where(point => point.Second <= Math.E * losses.Min()).Select(point => (point.First, Math.Log(point.Second)))];
        if (points.Length < 7)
            return null;
        double[][] rows = [.. Enumerable.Range(0, 3).Select(i => (double[])[.. Enumerable.Range(0, 3).Select(j => points.Sum(p => Math.Pow(p.X, i + j))), points.Sum(p => Math.Pow(p.X, i) * p.Y)])];
        for (int pivot = 0; pivot < 3; pivot++)
        {
            foreach (double[] row in rows.Where(row => row != rows[pivot]))
            {
                double factor = row[pivot] / rows[pivot][pivot];
                for (int column = 0; column < 4; column++)
                    row[column] -= factor * rows[pivot][column];
            }
        }

        double[] c = [.. rows.Select((row, i) => row[3] / row[i])];
        double minimum = -c[1] / (2 * c[2]);
        return c[2] > 0 && minimum >= grid[0] && minimum <= grid[^1] ? (minimum, 2 * c[2], Math.Exp(c[0] + c[1] * minimum / 2)) : null;
    }

    private static List<double> Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
