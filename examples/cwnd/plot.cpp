// SPDX-License-Identifier: MIT

#include "plot.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <sstream>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cwnd {

using namespace ns3;

namespace {

constexpr double infinite = 1e5;        ///< segments; an ssthresh above it is none
constexpr double letter_width = 0.0083; ///< of the plot's width, on the average
constexpr double row_height = 0.065;    ///< of the plot's height

/// Runs gnuplot, if it is installed.
bool Draw(const std::string& script) {
	std::string name = "gnuplot", argument = script;
	char* const arguments[] = {name.data(), argument.data(), nullptr};
	pid_t child = 0;
	int status = posix_spawnp(&child, "gnuplot", nullptr, nullptr, arguments, environ);
	if (status != 0) {
		std::printf(
			"gnuplot is not installed (Debian: gnuplot-nox), so there is no picture yet: gnuplot %s\n",
			script.c_str());
		return true;
	}
	waitpid(child, &status, 0);
	return status == 0;
}

bool IsWhole(std::ofstream& file, const std::string& name) {
	file.close();
	if (!file)
		std::fprintf(stderr, "ns3_cwnd: %s cannot be written: %s\n", name.c_str(), std::strerror(errno));
	return bool{file};
}

} // namespace

Plot::Plot() {
	m_cwnd.SetStyle(Gnuplot2dDataset::STEPS);
	m_cwnd.SetExtra("lw 2 lc rgb '#1f77b4'");
	m_ssthresh.SetStyle(Gnuplot2dDataset::STEPS);
	m_ssthresh.SetExtra("lw 1.5 dt 2 lc rgb '#7f7f7f'");
	const std::pair<const char*, const char*> looks[] = {
		{"RTT_CB", "pt 7 ps 0.45 lc rgb '#0b3c5d'"},
		{"RETRANS_CB", "pt 2 ps 1.4 lw 2 lc rgb '#ff7f0e'"},
		{"RTO_CB", "pt 9 ps 2 lc rgb '#d62728'"},
		{"STATE_CB, established", "pt 5 ps 1.3 lc rgb '#2ca02c'"},
	};
	for (std::size_t kind = 0; kind != std::size(looks); ++kind) {
		m_marks[kind].SetTitle(looks[kind].first);
		m_marks[kind].SetStyle(Gnuplot2dDataset::POINTS);
		m_marks[kind].SetExtra(looks[kind].second);
	}
}

void Plot::Cwnd(Time when, double segments) {
	m_cwnd.Add(when.GetSeconds(), m_lastCwnd = segments);
	m_highest = std::max(m_highest, segments);
}

void Plot::Ssthresh(Time when, double segments) {
	if (segments > infinite)
		return;
	m_ssthresh.Add(when.GetSeconds(), m_lastSsthresh = segments);
	m_highest = std::max(m_highest, segments);
}

void Plot::Mark(Kind kind, Time when, double segments) {
	m_marks[static_cast<std::size_t>(kind)].Add(when.GetSeconds(), segments);
	m_highest = std::max(m_highest, segments);
}

void Plot::Label(Time when, const std::string& text) {
	for (const Words& each : m_labels)
		if (each.text == text)
			return;
	m_labels.push_back({when.GetSeconds(), text});
}

/// A label stands to the right of its line, and above all later ones that it reaches: so no line crosses the
/// text of another.
void Plot::SpreadLabels(double seconds) {
	for (auto label = m_labels.rbegin(); label != m_labels.rend(); ++label) {
		const double end = label->when + static_cast<double>(label->text.size() + 2) * letter_width * seconds;
		int below = 0;
		for (auto later = m_labels.rbegin(); later != label; ++later)
			if (later->when < end)
				below = std::max(below, later->row);
		label->row = below + 1;
	}
}

/// What ns-3's classes have no functions for.
std::string Plot::Extra(double seconds) const {
	int rows = 0;
	for (const Words& label : m_labels)
		rows = std::max(rows, label.row);
	const double top = m_highest * 1.06 / (1 - row_height * (rows + 0.5));
	std::ostringstream lines;
	lines << "set xrange [0:" << seconds << "]\nset yrange [0:" << top << "]\n"
		  << "set grid xtics ytics lt 1 lw 1 lc rgb '#e4e4e4'\nset border lw 1\nset tics out nomirror\n"
		  << "set key outside right top Left reverse spacing 1.3\n"
		  << "set style textbox opaque noborder\n";
	if (m_outage.second > m_outage.first)
		lines << "set object rect from " << m_outage.first << ",0 to " << m_outage.second << ","
			  << m_highest * 1.06 << " behind fc rgb '#f6e4e4' fs solid noborder\n"
			  << "set label 'outage' at " << (m_outage.first + m_outage.second) / 2 << "," << m_highest * 0.55
			  << " center rotate by 90 tc rgb '#a05050'\n";
	for (const Words& label : m_labels) {
		const double y = m_highest * 1.06 + (label.row - 0.5) * row_height * top;
		lines << "set arrow from " << label.when << ",0 to " << label.when << "," << y
			  << " nohead dt 3 lw 1.5 lc rgb '#555555'\n"
			  << "set label '" << label.text << "' at " << label.when << "," << y
			  << " left offset 0.6,0 boxed front\n";
	}
	return lines.str();
}

bool Plot::Write(const std::string& prefix, const std::string& title, Time end) {
	m_cwnd.Add(end.GetSeconds(), m_lastCwnd);
	if (m_lastSsthresh > 0)
		m_ssthresh.Add(end.GetSeconds(), m_lastSsthresh);
	SpreadLabels(end.GetSeconds());

	Gnuplot picture(prefix + ".png", title);
	picture.SetTerminal("pngcairo noenhanced size 1400,760 font 'Sans,12' background rgb 'white'");
	picture.SetLegend("time, s", "window, segments");
	picture.SetExtra(Extra(end.GetSeconds()));
	picture.AddDataset(m_ssthresh);
	picture.AddDataset(m_cwnd);
	for (const Gnuplot2dDataset& marks : m_marks)
		picture.AddDataset(marks);

	const std::string plt = prefix + ".plt", dat = prefix + ".dat";
	std::ofstream script(plt), data(dat);
	data << std::setprecision(12);
	picture.GenerateOutput(script, data, dat);
	return IsWhole(script, plt) && IsWhole(data, dat) && Draw(plt);
}

} // namespace cwnd
